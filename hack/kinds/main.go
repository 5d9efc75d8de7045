// The generator of everything that follows from the list of kinds.

// Command kinds writes what can be derived from the list of kinds in internal/controller/setup.go and from the custom resource
// definitions: the scheme, the users' roles, the kustomizations, PROJECT and the table of docs/kinds.md.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: kinds ROOT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "kinds:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	kinds, err := readKinds(root)
	if err != nil {
		return err
	}
	files, err := filesFor(root, kinds)
	if err != nil {
		return err
	}
	// The roles of a kind that has left the list would still be granted.
	old, err := filepath.Glob(filepath.Join(root, rolesFolder, "*.yaml"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(root, f.path), f.content, 0o644); err != nil { //nolint:gosec // the repository's files are for everybody
			return err
		}
	}
	return nil
}
