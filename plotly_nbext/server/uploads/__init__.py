"""Files of tables, from a request's body to columns that the store can load.

The server receives the body into a folder of its own (:mod:`.receive`) and has it read there by a
child process (:mod:`.parse`, :mod:`.child`): parsers of strangers' files run out of memory, out of
time, or abort, and then only the child ends. What it reads it leaves in the same folder as JSON
(:mod:`.spool`), from which the store loads it. Nothing here imports the rest of the server, so that
the child starts quickly and knows nothing of it.
"""
