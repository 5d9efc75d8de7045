// Blanks and defaults of values.

package document

import (
	"encoding/xml"
	"maps"
	"slices"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// Blanks in values are collapsed, but not where the types keep them (operators-services §1 rule 9).
func TestBlanks(t *testing.T) {
	const document = `<packet><customer><add><gen_info><pname> A  <!-- c -->B <![CDATA[ C]]></pname></gen_info></add></customer>` +
		`<certificate><install><content><cert>  x  y </cert></content></install></certificate></packet>`
	read := func(keep bool) (texts []string) {
		d := NewDecoder([]byte(document), keep)
		for {
			token, err := d.Token()
			if err != nil {
				return texts
			}
			if text, ok := token.(xml.CharData); ok && len(text) > 0 {
				texts = append(texts, string(text))
			}
		}
	}
	if got := read(false); !slices.Equal(got, []string{"A B C", "  x  y "}) {
		t.Errorf("%q", got)
	}
	if got := read(true); !slices.Equal(got, []string{" A  B  C", "  x  y "}) {
		t.Errorf("%q", got)
	}
}

// Every path that gets special treatment is one of the grammar's.
func TestTreatedPathsExist(t *testing.T) {
	patterns := slices.Concat(preserved, slices.Collect(maps.Keys(defaults)))
	unseen := map[string]bool{}
	for _, p := range patterns {
		unseen[p] = true
	}
	schema.Request().Walk(func(path []string, _ *schema.Element) bool {
		for p := range unseen {
			if len(path) > 1 && pathMatches(p, path[1:]) {
				delete(unseen, p)
			}
		}
		return true
	})
	for p := range unseen {
		t.Errorf("the grammar has no %s", p)
	}
}
