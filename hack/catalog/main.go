// The generator of what lists every operation and every filter of the client: reads the operator packages' declarations.

// Command catalog writes internal/xmlapi/catalog/zz_generated.operations.go and internal/xmlapi/zz_generated.filters_test.go.
// `go generate ./...` runs it before coverage, which does not compile while the catalog names an operation that is gone.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/plesk-operator/plesk-operator/hack/operations"
)

//go:generate go run . ../..

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: catalog ROOT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "catalog:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for name, source := range files {
		if err := os.WriteFile(filepath.Join(root, name), source, 0o644); err != nil { // everybody may read source
			return err
		}
	}
	return nil
}

// generate returns the files by their names below the module's root.
func generate(root string) (map[string][]byte, error) {
	packages, err := operations.Read(filepath.Join(root, "internal", "xmlapi"))
	if err != nil {
		return nil, err
	}
	table, err := catalog(packages)
	if err != nil {
		return nil, err
	}
	constructors, err := filters(packages)
	return map[string][]byte{
		"internal/xmlapi/catalog/zz_generated.operations.go": table,
		"internal/xmlapi/zz_generated.filters_test.go":       constructors,
	}, err
}
