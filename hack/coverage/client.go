// The client's side: which Go value is which operation.

package main

import "github.com/plesk-operator/plesk-operator/hack/operations"

// value is a package-level Go value.
type value struct{ pkg, name string }

// String is the value as a program writes it; "" for none.
func (v value) String() string {
	if v == (value{}) {
		return ""
	}
	return v.pkg + "." + v.name
}

// clientOperations finds the operations that the packages below dir declare, by OPERATOR/OPERATION.
func clientOperations(dir string) (map[string]value, error) {
	packages, err := operations.Read(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]value{}
	for _, p := range packages {
		for _, o := range p.Operations {
			found[o.Key()] = value{p.Name, o.Value}
		}
	}
	return found, nil
}
