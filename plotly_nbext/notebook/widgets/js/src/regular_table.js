/*!
 * This file carries regular-table 0.9.2, https://github.com/finos/regular-table
 * Copyright (c) 2020, the Regular Table Authors
 * Apache License 2.0: the text is in regular-table.LICENSE beside the built file.
 */
import "regular-table";

/** @typedef {import("regular-table").RegularTableElement} RegularTable */

/**
 * Every widget on a page brings this module along, and only the first can register the element:
 * the others make theirs by its name, never by the class that they imported.
 */
export const newRegularTable = () => document.createElement("regular-table");
