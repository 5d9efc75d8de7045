// The generator of docs/protocol.md: reads the grammar, the client's source, the simulator's operations and the controllers' source.

// Command coverage writes docs/protocol.md, which says of every operation of the request grammar what supports it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . ../..

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: coverage ROOT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	t, err := newTable(root)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs", "protocol.md"), t.markdown(), 0o644) // everybody may read documentation
}
