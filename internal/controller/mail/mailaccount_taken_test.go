// Which of the names of an account is blamed where the server says that one is taken.

package mail

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

func TestTakenMailNames(t *testing.T) {
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	addMail(t, srv, at, mail.NewAccount{Name: "info", Aliases: []string{"sales"}})
	create := func(name string, aliases ...string) error {
		_, err := Account{}.Create(t.Context(), c, mailValue{Name: &name, Aliases: aliases, site: at.Identity, domain: "acme.example"})
		return err
	}
	for name, x := range map[string]struct {
		name    string
		aliases []string
		field   string
	}{
		"an account's name as an alias":    {"free", []string{"info"}, "spec.aliases"},
		"an account's alias as an alias":   {"free", []string{"spare", "sales"}, "spec.aliases"},
		"an account's name":                {"info", []string{"spare"}, "spec.mailName"},
		"an account's alias":               {"sales", []string{"spare"}, "spec.mailName"},
		"both: the name comes first":       {"info", []string{"sales"}, "spec.mailName"},
		"a name without aliases":           {"sales", nil, "spec.mailName"},
		"an account's name in other cases": {"free", []string{"INFO"}, "spec.aliases"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			err := create(x.name, x.aliases...)
			g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Exists))
			g.Expect(err).To(MatchError(HaveSuffix(" (" + x.field + ")")))
		})
	}

	// Where the look fails, both are named: nothing is blamed on a guess, and what was refused stays what it was.
	g := NewWithT(t)
	srv.Inject(plesksim.Fault{Operator: "mail", Operation: "get_info", Code: xmlapi.CodePermissionDenied})
	err := create("free", "info")
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Exists))
	g.Expect(err).To(MatchError(HaveSuffix(" (spec.mailName or spec.aliases)")))
}
