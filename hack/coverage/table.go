// The table: one row for each operation of the request grammar.

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// table is what is known of the operations, in the order of the grammar.
type table struct{ rows []row }

// row is one operation.
type row struct {
	operator, name string // the name of an operation inside another element has both: db-servers/list; "" is the operator itself
	client         string // the Go value, e.g. webspace.Add; "" when there is none
	simulated      bool
	code           int      // of the error that is all there is, where the operation is not available in a simulator
	reason         string   // why that is so
	users          []string // kinds, sorted
}

// newTable looks everything up below the module's root.
func newTable(root string) (*table, error) {
	client, err := clientOperations(filepath.Join(root, "internal", "xmlapi"))
	if err != nil {
		return nil, err
	}
	users, err := usersOf(filepath.Join(root, "internal", "controller"), client)
	if err != nil {
		return nil, err
	}
	if err := addSession(users, filepath.Join(root, "internal", "session"), client); err != nil {
		return nil, err
	}
	simulator := map[string]plesksim.Operation{}
	for _, o := range plesksim.Operations() {
		simulator[o.Operator+"/"+o.Name] = o
	}
	t := &table{}
	for _, r := range grammarOperations(client, simulator) {
		key := r.operator + "/" + r.name
		r.client = client[key].String()
		var o plesksim.Operation
		o, r.simulated = simulator[key]
		r.code, r.reason = o.Code, o.Reason
		r.users = users[client[key]]
		t.rows = append(t.rows, r)
		delete(client, key)
		delete(simulator, key)
	}
	for key, v := range client {
		return nil, fmt.Errorf("%s is declared as %s, but the grammar does not have it", v, key)
	}
	for key := range simulator {
		return nil, fmt.Errorf("%s is simulated, but the grammar does not have it", key)
	}
	return t, nil
}

// grammarOperations lists the operations of the request grammar. An element holds operations of its own, instead of being one,
// when an operation is declared or simulated below it.
func grammarOperations(client map[string]value, simulator map[string]plesksim.Operation) []row {
	nest := map[string]bool{}
	for key := range client {
		nest[key[:strings.LastIndex(key, "/")]] = true
	}
	for key := range simulator {
		nest[key[:strings.LastIndex(key, "/")]] = true
	}
	var rows []row
	for _, operator := range schema.Request().Operators() {
		if operator.Type.Any { // it has no operations
			rows = append(rows, row{operator: operator.Name})
		}
		for _, e := range operator.Type.Children() {
			if !nest[operator.Name+"/"+e.Name] {
				rows = append(rows, row{operator: operator.Name, name: e.Name})
				continue
			}
			for _, inner := range e.Type.Children() {
				rows = append(rows, row{operator: operator.Name, name: e.Name + "/" + inner.Name})
			}
		}
	}
	return rows
}

// operators lists the operators that have rows, in order.
func (t *table) operators() []string {
	var names []string
	for _, r := range t.rows {
		if !slices.Contains(names, r.operator) {
			names = append(names, r.operator)
		}
	}
	return names
}

// of returns the rows of an operator.
func (t *table) of(operator string) []row {
	return slices.DeleteFunc(slices.Clone(t.rows), func(r row) bool { return r.operator != operator })
}

// count counts the rows of which something is true.
func (t *table) count(is func(row) bool) int {
	n := 0
	for _, r := range t.rows {
		if is(r) {
			n++
		}
	}
	return n
}
