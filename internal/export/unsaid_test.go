// What no manifest can say is listed, and the rest is described: texts that YAML takes for something else, names with blanks that the protocol does not
// carry, and what a server shows twice.

package export

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func troublesOf(r *Result) (keys []string) {
	for _, t := range r.Troubles {
		keys = append(keys, t.Kind+" "+t.Key)
	}
	return keys
}

func TestLineEndsOfYAMLAreNotExported(t *testing.T) {
	g := NewWithT(t)
	_, client := controllertest.Simulated(t)
	for login, name := range map[string]string{"acme": "Ada Birch", "lines": "Ada\u0085Birch"} {
		_, err := customer.Add.One(t.Context(), client, customer.AddRequest{GenInfo: customer.NewGenInfo{Login: login, ContactName: name, Password: "Panel-2031-x"}})
		g.Expect(err).NotTo(HaveOccurred())
	}
	r := exported(t, client, func(o *Options) { o.Kinds = []string{"PleskCustomer"} })
	g.Expect(troublesOf(r)).To(Equal([]string{"PleskCustomer lines"}))
	g.Expect(r.Objects).To(HaveLen(1))
}

func TestBlanksThatAServerKeepsAreNotExported(t *testing.T) {
	g := NewWithT(t)
	_, client := controllertest.Simulated(t, func(o *plesksim.Options) { o.KeepBlanks = true })
	before := exported(t, client, func(o *Options) { o.Kinds = []string{"PleskServicePlan"} })
	g.Expect(before.Troubles).To(BeEmpty())
	for _, name := range []string{" lead", "a b", "a  b", "plain"} {
		_, err := serviceplan.Add.One(t.Context(), client, serviceplan.AddRequest{Name: name})
		g.Expect(err).NotTo(HaveOccurred())
	}
	r := exported(t, client, func(o *Options) { o.Kinds = []string{"PleskServicePlan"} })
	g.Expect(troublesOf(r)).To(ConsistOf("PleskServicePlan lead", "PleskServicePlan a b", "PleskServicePlan a b"), "two of one key cannot be told apart")
	g.Expect(r.Objects).To(HaveLen(len(before.Objects)+1), "plain is described")
	g.Expect(r.WriteFolder(t.TempDir())).Error().NotTo(HaveOccurred())
}
