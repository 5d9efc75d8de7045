// The generator of docs/reference/error-codes.md: from the table of codes, what follows from their classes, and docs/reasons.md.

// Command errorcodes writes docs/reference/error-codes.md, which says of every error code of Plesk what becomes of it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . ../..

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: errorcodes ROOT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "errorcodes:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	text, err := markdown()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs", "reference", "error-codes.md"), text, 0o644) // everybody may read documentation
}
