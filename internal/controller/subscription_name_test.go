// Names, addresses and paths of subscriptions: many ways to write them, one form to compare.

package controller

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
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
		ascii, err := asciiDomain(c.name)
		if err != nil || ascii != c.ascii {
			t.Errorf("%q is %q, %v; want %q", c.name, ascii, err, c.ascii)
		}
		if again, err := asciiDomain(ascii); err != nil || again != ascii {
			t.Errorf("%q is not in normal form: %q, %v", ascii, again, err)
		}
		if sent := sentDomain(ascii); sent != c.sent {
			t.Errorf("%q is sent as %q, want %q", ascii, sent, c.sent)
		}
	}
	for _, name := range []string{"", ".", "acme.example.", "acme..example", ".example", "-acme.example", "a b.example", "a_b.example",
		"*.example", "xn--zzzzzz99999.example", strings.Repeat("a", 64) + ".example", strings.Repeat("abcdefg.", 40) + "example"} {
		if ascii, err := asciiDomain(name); err == nil {
			t.Errorf("%q is taken as %q", name, ascii)
		}
	}
}

// What is no domain name is refused with what to write instead.
func TestDomainProblems(t *testing.T) {
	for name, advice := range map[string]string{
		"shop_1.acme.example": "write a hyphen", "shop＿1.example": "write a hyphen", "*.acme.example": "write the domain's own name",
		"acme.example.": "without the dot at the end", "xn--zzzzzz99999.example": "punycode", "acme..example": "between two dots is empty",
		"-acme.example": "inner hyphens", strings.Repeat("a", 64) + ".example": "longer than 63 characters",
		strings.Repeat("abcdefg.", 40) + "example": "longer than 253 characters", "a b.example": "letters, digits", "": "e.g. shop.acme.example",
		"a!b.example": "letters, digits", "a/b.example": "letters, digits",
	} {
		_, err := asciiDomain(name)
		if err == nil || !strings.Contains(err.Error(), advice) || strings.Contains(err.Error(), "idna") {
			t.Errorf("%q: %v; want advice: %s", name, err, advice)
		}
	}
}

func TestDocumentRoots(t *testing.T) {
	for _, c := range []struct{ read, written string }{
		{"/var/www/vhosts/acme.example/httpdocs", "httpdocs"},
		{"/var/www/vhosts/acme.example/sites/shop/", "sites/shop/"},
		{"/var/www/vhosts/ACME.example/httpdocs", "./httpdocs"},
		{"/var/www/vhosts/acme.example/acme.example/web", "acme.example/web"},
		{"/var/www/vhosts/acme.example", "."},
		{"/var/www/vhosts/old-name.example/httpdocs", "httpdocs"}, // the home kept its name
		{"/srv/hosting/bücher.example/httpdocs", "httpdocs"},
		{`C:\inetpub\vhosts\acme.example\httpdocs`, "httpdocs"},
		{"httpdocs", "httpdocs"},
	} {
		got := cleanRoot(relativeRoot(c.read, "bücher.example", "acme.example"))
		if want := cleanRoot(c.written); got != want {
			t.Errorf("%s is %q, want %q", c.read, got, want)
		}
	}
	if got := relativeRoot("/opt/elsewhere/web", "acme.example"); got != "/opt/elsewhere/web" {
		t.Errorf("a root outside of any home became %q", got)
	}
}

func TestDefaultAddress(t *testing.T) {
	g := NewWithT(t)
	address := func(ip, kind string) string {
		return `<ip_info><ip_address>` + ip + `</ip_address><netmask>n</netmask><type>` + kind + `</type><interface>eth0</interface></ip_info>`
	}
	choose := func(addresses string) (string, error) {
		return defaultAddress(t.Context(), recorded(`<packet><ip><get><result><status>ok</status>`+addresses+`</result></get></ip></packet>`))
	}
	got, err := choose(`<addresses>` + address("198.51.100.1", "exclusive") + address("2001:db8::1", "shared") + address("198.51.100.2", "shared") +
		address("198.51.100.3", "shared") + `</addresses>`)
	g.Expect(got, err).To(Equal("198.51.100.2"))

	_, err = choose(`<addresses>` + address("2001:db8::1", "shared") + `</addresses>`)
	_, invalid := errors.AsType[*engine.InvalidError](err)
	g.Expect(invalid).To(BeTrue(), "the user has to name one: %v", err)

	_, err = choose("")
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "no list is no answer")
}
