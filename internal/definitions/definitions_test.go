// What the API server would say of manifests, without one.

package definitions_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/definitions"
)

func customer(spec map[string]any) map[string]any {
	return map[string]any{"apiVersion": "plesk-operator.dev/v1alpha1", "kind": "PleskCustomer", "metadata": map[string]any{"name": "acme"}, "spec": spec}
}

func spec(more map[string]any) map[string]any {
	out := map[string]any{"serverRef": map[string]any{"name": "web-01"}, "login": "acme", "contactName": "Ada"}
	for k, v := range more {
		if out[k] = v; v == nil {
			delete(out, k)
		}
	}
	return out
}

func TestManifestsAreHeldToTheDefinitions(t *testing.T) {
	for name, c := range map[string]struct {
		content, old map[string]any
		says         []string // "" for nothing
	}{
		"a good one":                {content: customer(spec(nil))},
		"a value out of bounds":     {content: customer(spec(map[string]any{"address": map[string]any{"country": "ch"}})), says: []string{"spec.address.country"}},
		"a rule over two fields":    {content: customer(spec(map[string]any{"serverRef": nil})), says: []string{"serverRef is required"}},
		"a field that is not there": {content: customer(spec(map[string]any{"contactNmae": "Ada"})), says: []string{"spec.contactNmae: there is no such field"}},
		"a rule about changes": {
			content: customer(spec(map[string]any{"serverRef": map[string]any{"name": "web-02"}})), old: customer(spec(nil)), says: []string{"serverRef"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			problems, err := definitions.Check(t.Context(), "PleskCustomer", c.content, c.old)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(problems).To(HaveLen(len(c.says)))
			for i, text := range c.says {
				g.Expect(problems[i]).To(ContainSubstring(text))
			}
		})
	}
}

func TestDefaultsAreSet(t *testing.T) {
	g := NewWithT(t)
	content := customer(spec(nil))
	problems, err := definitions.Check(t.Context(), "PleskCustomer", content, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(problems).To(BeEmpty())
	g.Expect(content["spec"]).To(HaveKeyWithValue("managementPolicy", "Managed"))
	_, err = definitions.Check(t.Context(), "Pod", content, nil)
	g.Expect(err).To(MatchError(ContainSubstring("no definition of Pod")))
}
