// The promise of the table: every operation of the grammar has a client type and is simulated.

package main

import (
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

func TestEveryOperationHasAClientTypeAndIsSimulated(t *testing.T) {
	table, err := newTable("../..")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]row{}
	for _, r := range table.rows {
		key := r.operator + "/" + r.name
		if _, twice := rows[key]; twice {
			t.Errorf("%s has two rows", key)
		}
		rows[key] = r
		switch {
		case r.client == "":
			t.Errorf("%s has no client type", key)
		case !r.simulated:
			t.Errorf("%s is not simulated", key)
		case (r.code == 0) != (r.reason == ""):
			t.Errorf("%s is answered with %d because %q", key, r.code, r.reason)
		}
	}
	schema.Request().Walk(func(path []string, e *schema.Element) bool {
		key := strings.Join(path[1:], "/")
		if len(path) == 1 || path[1] == "request-settings" {
			return len(path) == 1
		}
		if e.Type.Any && len(path) == 2 {
			key += "/"
		}
		if _, found := rows[key]; found {
			return false
		}
		if len(e.Type.Children()) == 0 || len(path) > 3 {
			t.Errorf("%s has no row", key)
			return false
		}
		return true
	})
}

// Whoever misses something finds it in the table, with the reason.
func TestEveryOperationIsUsedOrHasAReason(t *testing.T) {
	table, err := newTable("../..")
	if err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{}
	for _, r := range table.rows {
		if len(r.users) > 0 {
			continue
		}
		if r.whyUnused() == "" {
			t.Errorf("%s/%s is used by no kind, and unused.go does not say why", r.operator, r.name)
		}
		for _, u := range unused {
			if r.matches(u.pattern) {
				needed[u.pattern] = true
				break
			}
		}
	}
	for _, u := range unused {
		if !needed[u.pattern] {
			t.Errorf("%s is about no operation that no kind uses", u.pattern)
		}
	}
}
