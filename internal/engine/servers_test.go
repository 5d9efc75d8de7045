// Tenants: how far a namespace may use a server.

package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestAccess(t *testing.T) {
	const allow, deny = v1alpha1.AccessAllow, v1alpha1.AccessDeny
	labelled := func(name, key, value string, change ...func(*v1alpha1.Tenant)) v1alpha1.Tenant {
		e := v1alpha1.Tenant{Name: name, From: v1alpha1.NamespacesFromSelector, Selector: &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{key: value}}}
		for _, c := range change {
			c(&e)
		}
		return e
	}
	all := v1alpha1.Tenant{Name: "all", From: v1alpha1.NamespacesFromAll, PrivilegedFields: deny, ExistingObjects: deny}
	privileged := func(e *v1alpha1.Tenant) { e.PrivilegedFields = allow }
	existing := func(e *v1alpha1.Tenant) { e.ExistingObjects = allow }
	kinds := func(k ...string) func(*v1alpha1.Tenant) { return func(e *v1alpha1.Tenant) { e.AdditionalKinds = k } }
	broken := v1alpha1.Tenant{Name: "broken", From: v1alpha1.NamespacesFromSelector, Selector: &v1alpha1.NamespaceSelector{
		MatchExpressions: []v1alpha1.LabelRequirement{{Key: "tier", Operator: "Near"}}}, PrivilegedFields: allow}

	for name, c := range map[string]struct {
		namespace string
		tenants   []v1alpha1.Tenant
		access    *access // nil: none
	}{
		"the server's own":                    {"hosting", nil, &access{own: true, privileged: true, existing: true}},
		"the server's own, whatever it lists": {"hosting", []v1alpha1.Tenant{all}, &access{own: true, privileged: true, existing: true}},
		"nobody is listed":                    {"shop", nil, nil},
		"everybody is":                        {"shop", []v1alpha1.Tenant{all}, &access{}},
		"a selector that matches":             {"shop", []v1alpha1.Tenant{labelled("gold", "tier", "gold", privileged)}, &access{privileged: true}},
		"a selector that does not":            {"shop", []v1alpha1.Tenant{labelled("silver", "tier", "silver", privileged)}, nil},
		"the union of those that match": {"shop", []v1alpha1.Tenant{
			all, labelled("gold", "tier", "gold", existing, kinds("PleskServicePlan")), labelled("acme", "team", "acme", privileged, kinds("PleskIPAddress")),
			labelled("silver", "tier", "silver", kinds("PleskReseller")),
		}, &access{kinds: []string{"PleskServicePlan", "PleskIPAddress"}, privileged: true, existing: true}},
		"what does not match gives nothing": {"shop", []v1alpha1.Tenant{all, labelled("silver", "tier", "silver", privileged, existing)}, &access{}},
		"a broken selector admits nobody":   {"shop", []v1alpha1.Tenant{broken}, nil},
		"a broken selector beside another":  {"shop", []v1alpha1.Tenant{broken, all}, &access{}},
		"a selector that is missing":        {"shop", []v1alpha1.Tenant{{Name: "x", From: v1alpha1.NamespacesFromSelector}}, nil},
		"a choice that nobody knows":        {"shop", []v1alpha1.Tenant{{Name: "x", From: "Same", PrivilegedFields: allow}}, nil},
		"no choice":                         {"shop", []v1alpha1.Tenant{{Name: "x"}}, nil},
		"a namespace without labels":        {"bare", []v1alpha1.Tenant{labelled("gold", "tier", "gold")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			namespace := func(name string, labels map[string]string) *corev1.Namespace {
				return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
			}
			s := NewServers(ServersConfig{Client: fake.NewClientBuilder().WithScheme(testScheme(g)).WithObjects(
				namespace("shop", map[string]string{"tier": "gold", "team": "acme"}), namespace("bare", nil)).Build()})
			srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{Tenants: c.tenants}}
			srv.Namespace = "hosting"
			a, err := s.access(t.Context(), srv, c.namespace)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(a).To(Equal(c.access))
		})
	}
}

// A namespace whose labels cannot be read is neither admitted nor refused.
func TestAccessOfAnUnknownNamespace(t *testing.T) {
	g := NewWithT(t)
	s := NewServers(ServersConfig{Client: fake.NewClientBuilder().WithScheme(testScheme(g)).Build()})
	srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{Tenants: []v1alpha1.Tenant{{From: v1alpha1.NamespacesFromSelector, Selector: &v1alpha1.NamespaceSelector{}}}}}
	srv.Namespace = "hosting"
	_, err := s.access(t.Context(), srv, "shop")
	g.Expect(err).To(HaveOccurred())
}

// Without the right to read namespaces their cache never fills: the wait for it ends, and with it the pass.
func TestTheWaitForNamespacesIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		s := NewServers(ServersConfig{Client: fake.NewClientBuilder().WithScheme(testScheme(g)).WithInterceptorFuncs(interceptor.Funcs{
			Get: func(ctx context.Context, _ client.WithWatch, _ client.ObjectKey, _ client.Object, _ ...client.GetOption) error {
				<-ctx.Done()
				return ctx.Err()
			},
		}).Build()})
		srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{Tenants: []v1alpha1.Tenant{
			{From: v1alpha1.NamespacesFromAll}, {From: v1alpha1.NamespacesFromSelector, Selector: &v1alpha1.NamespaceSelector{}},
		}}}
		srv.Namespace = "hosting"
		began := time.Now()
		a, err := s.access(t.Context(), srv, "shop")
		g.Expect(err).To(MatchError(context.DeadlineExceeded))
		g.Expect(a).To(BeNil(), "what is not known admits nobody, and refuses nobody")
		g.Expect(time.Since(began)).To(Equal(namespaceWait))
		_, err = s.access(t.Context(), srv, "hosting")
		g.Expect(err).NotTo(HaveOccurred(), "the server's own namespace needs no look")
	})
}

func TestAdmittedKinds(t *testing.T) {
	g := NewWithT(t)
	customers, plans, templates := &kindInfo{name: "PleskCustomer"}, &kindInfo{name: "PleskServicePlan", serverScoped: true}, &kindInfo{name: "PleskDNSTemplate", serverScoped: true}
	for name, c := range map[string]struct {
		access    access
		admitted  []*kindInfo
		forbidden []*kindInfo
	}{
		"the server's own namespace":      {access{own: true}, []*kindInfo{customers, plans, templates}, nil},
		"a tenant":                        {access{}, []*kindInfo{customers}, []*kindInfo{plans, templates}},
		"a tenant with a kind of its own": {access{kinds: []string{"PleskServicePlan"}}, []*kindInfo{customers, plans}, []*kindInfo{templates}},
	} {
		for _, k := range c.admitted {
			g.Expect(c.access.has(k)).To(BeTrue(), "%s: %s", name, k.name)
		}
		for _, k := range c.forbidden {
			g.Expect(c.access.has(k)).To(BeFalse(), "%s: %s", name, k.name)
		}
	}
}
