package schema

// Compile lets tests use grammars of their own.
func Compile(xsd []byte, root string) (*Schema, error) { return compile(xsd, root) }
