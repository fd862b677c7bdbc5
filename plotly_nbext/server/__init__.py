"""Our own server: Chart Studio's v2 API on one machine.

Nothing is imported here: the process that reads an uploaded file needs little of it.
"""
