// Names of domains: many ways to write them, one form to compare, and the messages for texts that are not names.

package form

import (
	"strings"
	"testing"
)

func TestDomainNames(t *testing.T) {
	for _, c := range []struct{ name, ascii, sent string }{
		{"acme.example", "acme.example", "acme.example"},
		{"ACME.Example", "acme.example", "acme.example"},
		{"Bücher.example", "xn--bcher-kva.example", "bücher.example"},
		{"xn--bcher-kva.EXAMPLE", "xn--bcher-kva.example", "bücher.example"},
		{"bu\u0308cher.example", "xn--bcher-kva.example", "bücher.example"}, // decomposed
		{"straße.example", "xn--strae-oqa.example", "straße.example"},       // not strasse: another name
		{"例え。テスト", "xn--r8jz45g.xn--zckzah", "例え.テスト"},
		{"1-2.example", "1-2.example", "1-2.example"},
	} {
		ascii, err := DomainName(c.name)
		if err != nil || ascii != c.ascii {
			t.Errorf("%q is %q, %v; want %q", c.name, ascii, err, c.ascii)
		}
		if again, err := DomainName(ascii); err != nil || again != ascii {
			t.Errorf("%q is not in normal form: %q, %v", ascii, again, err)
		}
		if sent := FullDomain(ascii); sent != c.sent {
			t.Errorf("%q is sent as %q, want %q", ascii, sent, c.sent)
		}
	}
	for _, name := range []string{"", ".", "acme.example.", "acme..example", ".example", "-acme.example", "a b.example", "a_b.example",
		"*.example", "xn--zzzzzz99999.example", strings.Repeat("a", 64) + ".example", strings.Repeat("abcdefg.", 40) + "example"} {
		if ascii, err := DomainName(name); err == nil {
			t.Errorf("%q is taken as %q", name, ascii)
		}
	}
}

// What is not a domain name is refused with what to write instead.
func TestDomainProblems(t *testing.T) {
	for name, advice := range map[string]string{
		"shop_1.acme.example": "write a hyphen", "shop＿1.example": "write a hyphen", "*.acme.example": "write the domain's own name",
		"acme.example.": "without the dot at the end", "xn--zzzzzz99999.example": "punycode", "acme..example": "between two dots is empty",
		"-acme.example": "inner hyphens", strings.Repeat("a", 64) + ".example": "longer than 63 characters",
		strings.Repeat("abcdefg.", 40) + "example": "longer than 253 characters", "a b.example": "letters, digits", "": "e.g. shop.acme.example",
		"a!b.example": "letters, digits", "a/b.example": "letters, digits",
	} {
		_, err := DomainName(name)
		if err == nil || !strings.Contains(err.Error(), advice) || strings.Contains(err.Error(), "idna") {
			t.Errorf("%q: %v; want advice: %s", name, err, advice)
		}
	}
}
