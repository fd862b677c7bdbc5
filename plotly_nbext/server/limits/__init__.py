"""How much each user may ask for, keep and have drawn, as the operator of a server chooses."""
