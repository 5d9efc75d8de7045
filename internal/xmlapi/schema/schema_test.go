// The hand-picked packets of the protocol document, with the verdict it gives.
package schema_test

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

func TestStructuralCases(t *testing.T) {
	cases := map[string]struct {
		doc   string
		valid bool
	}{
		"no operator":                {`<packet/>`, false},
		"no operation":               {`<packet><customer/></packet>`, false},
		"no dataset":                 {`<packet><customer><get><filter/></get></customer></packet>`, false},
		"empty dataset":              {`<packet><customer><get><filter/><dataset/></get></customer></packet>`, true},
		"gen_info after stat":        {`<packet><customer><get><filter/><dataset><stat/><gen_info/></dataset></get></customer></packet>`, false},
		"two kinds in a filter":      {`<packet><webspace><del><filter><id>1</id><name>a.example</name></filter></del></webspace></packet>`, false},
		"reseller-plan empty filter": {`<packet><reseller-plan><get><filter/></get></reseller-plan></packet>`, false},
		"secret_key without filter":  {`<packet><secret_key><get_info/></secret_key></packet>`, false},
		"empty permissions":          {`<packet><reseller><set><filter/><values><permissions/></values></set></reseller></packet>`, false},
		"server get":                 {`<packet><server><get/></server></packet>`, true},
		"any version":                {`<packet version="a b"><ip><get/></ip></packet>`, true},
		"untyped content":            {`<packet><ip><get>any <b c="d">content</b></get></ip></packet>`, true},
	}
	for name, c := range cases {
		if err := schema.Request().Validate([]byte(c.doc)); (err == nil) != c.valid {
			t.Errorf("%s: valid %v wanted, got %v", name, c.valid, err)
		}
	}
}
