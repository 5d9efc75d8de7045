// The catalog against the table of all operations.

package xmlapi_test

import (
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/catalog"
)

// TestCatalog: what treats all operations alike has the same list, with the same types.
func TestCatalog(t *testing.T) {
	for _, o := range allOperations() {
		c, ok := catalog.Find(strings.TrimSuffix(o.String(), "/"))
		if !ok || c.Operator != o.operator || c.Name != o.name || c.Writes != o.writes || c.Request != o.req || c.Result != o.res {
			t.Errorf("%s: the catalog has %+v", o, c)
		}
	}
	if have, want := len(catalog.All()), len(allOperations()); have != want {
		t.Errorf("%d operations in the catalog, %d in the table", have, want)
	}
}
