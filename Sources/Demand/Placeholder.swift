// First file of this module: replaced when the module gets its first type.
