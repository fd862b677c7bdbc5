"""How fast grids are written, read and appended to, beside what people use otherwise."""
