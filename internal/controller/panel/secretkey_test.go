// Secret keys against a simulated Plesk: for whom they stand, from where they work, and what is known of them when they have been told.

package panel

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
)

func FuzzNormalSecretKey(f *testing.F) { controllertest.FuzzNormal(f, SecretKey{}) }

const keyMark = "plesk-operator:0123456789abcdef:0d9f1c52-7f0e-4c06-8a53-91be5a3f7712"

// aKey is a resource on its way through passes.
type aKey = controllertest.Object[*v1alpha1.PleskSecretKey, secretKeyValue]

func newKey(t *testing.T, d xmlapi.Doer, manifest string, refs map[string]engine.Resolved) *aKey {
	t.Helper()
	return &aKey{T: t, Kind: SecretKey{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskSecretKey{}, manifest), In: engine.NewInputs(keyMark, refs, nil)}
}

// keysOn are those that the server lists.
func keysOn(t *testing.T, d xmlapi.Doer) []secretkey.Info {
	t.Helper()
	results, err := secretkey.GetInfo.All(t.Context(), d, xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err != nil {
		t.Fatal(err)
	}
	var keys []secretkey.Info
	for _, r := range results {
		keys = append(keys, r.Keys...)
	}
	return keys
}

func TestSecretKeyArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	acme := controllertest.AddCustomer(t, srv, "acme")
	x := newKey(t, c, `spec: {serverRef: {name: web-01}, description: "Deployments  of Acme", customerRef: {name: acme}, addresses: ["2001:DB8::20", 203.0.113.20]}`,
		map[string]engine.Resolved{secretKeyCustomer: acme})
	x.Settle()
	keys := keysOn(t, c)
	g.Expect(keys).To(HaveLen(1))
	g.Expect([]string{keys[0].Description, keys[0].IPAddress, *keys[0].Login}).To(Equal([]string{
		keyMark + " Deployments of Acme", "2001:db8::20,203.0.113.20", "acme",
	}), "the mark comes first")
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedSecretKey{Login: "acme", Addresses: []string{"2001:db8::20", "203.0.113.20"}}))
	g.Expect(x.Was).To(Equal(engine.Key{Name: "Deployments of Acme"}))
	g.Expect(x.ID.ID).To(MatchRegexp("^[0-9a-f]{32}$"))
	g.Expect(keys[0].Key.Reveal()).NotTo(ContainSubstring(x.ID.ID))
}

// Without an account it is the administrator's, from the caller's address.
func TestSecretKeyOfTheAdministrator(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	x := newKey(t, c, `spec: {serverRef: {name: web-01}, description: Backups}`, nil)
	x.Settle()
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedSecretKey{Login: "admin", Addresses: []string{"127.0.0.1"}}))
	_, w, err := SecretKey{}.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Privileges(SecretKey{}, w)).To(Equal([]string{"customerRef"}), "it may do everything")
}

// For whom a key stands is told from others by the login, whatever the reference says.
func TestSecretKeyOfAnAccount(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	acme := controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddReseller(t, srv, "north")
	north := engine.Resolved{Kind: "PleskReseller", Identity: engine.Identity{ID: "77"}, Key: engine.Key{Name: "north"}}
	x := newKey(t, c, `spec: {serverRef: {name: web-01}, description: Deployments, resellerRef: {external: north}}`, map[string]engine.Resolved{secretKeyReseller: north})
	x.Settle()
	g.Expect(x.O.Status.Observed.Login).To(Equal("north"))
	_, w, err := SecretKey{}.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Privileges(SecretKey{}, w)).To(Equal([]string{"resellerRef"}))

	other := newKey(t, c, `spec: {serverRef: {name: web-01}, description: Deployments, customerRef: {name: acme}}`, map[string]engine.Resolved{secretKeyCustomer: acme})
	_, err = other.Pass()
	g.Expect(err).To(MatchError(errSecretKeysStay), "it is there, and stands for somebody else")
	_, w, err = SecretKey{}.Desired(other.O, other.In)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Privileges(SecretKey{}, w)).To(BeEmpty())
}

// The key is told once, and opens what was made with it and nothing else.
func TestSecretKeyIsToldOnce(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	made := func(description string) (*engine.Found[secretKeyValue], xmlapi.Secret) {
		x := newKey(t, c, `spec: {serverRef: {name: web-01}, description: `+description+`}`, nil)
		key, w, err := SecretKey{}.Desired(x.O, engine.NewInputs("", nil, nil))
		g.Expect(err).NotTo(HaveOccurred())
		id, err := SecretKey{}.Create(t.Context(), c, w)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(id).To(BeZero(), "what it is listed as was not told")
		found, err := SecretKey{}.Find(t.Context(), c, engine.Handle{Key: key})
		g.Expect(err).NotTo(HaveOccurred())
		return found, SecretKey{}.Told(w)
	}
	first, key := made("Backups")
	second, other := made("Deployments")
	g.Expect(key.Reveal()).NotTo(BeEmpty())
	for _, o := range []struct {
		found *engine.Found[secretKeyValue]
		value xmlapi.Secret
		opens bool
	}{{first, key, true}, {second, other, true}, {first, other, false}, {second, key, false}, {first, "another", false}} {
		opens, err := SecretKey{}.Opens(t.Context(), c, o.found, o.value)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(opens).To(Equal(o.opens))
	}
	for _, i := range keysOn(t, c) {
		g.Expect(i.Key).NotTo(BeElementOf(key, other))
	}

	g.Expect(SecretKey{}.Delete(t.Context(), c, first)).To(Succeed())
	opens, err := SecretKey{}.Opens(t.Context(), c, first, key)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(opens).To(BeFalse())
	err = SecretKey{}.Delete(t.Context(), c, first)
	g.Expect(xmlapi.IsNotFound(err)).To(BeTrue(), "%v", err)
	g.Expect(keysOn(t, c)).To(HaveLen(1))
}

// A key is found by what it is listed as, then by the mark, and by its description last.
func TestSecretKeyIsFound(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	for _, description := range []string{"Backups", keyMark + " Backups", "Backups"} {
		_, err := secretkey.Create.One(t.Context(), c, secretkey.CreateRequest{Description: &description})
		g.Expect(err).NotTo(HaveOccurred())
	}
	keys := keysOn(t, c)
	key := engine.Key{Name: "Backups"}
	for i, h := range []engine.Handle{{Key: key}, {Mark: keyMark, Key: key}, {Identity: engine.Identity{ID: target.SecretKeyID(keys[2].Key)}, Mark: keyMark, Key: key}} {
		found, err := SecretKey{}.Find(t.Context(), c, h)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found.ID).To(Equal(target.SecretKeyID(keys[i].Key)))
	}
	found, err := SecretKey{}.Find(t.Context(), c, engine.Handle{Key: engine.Key{Name: "Deployments"}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeNil())
}

// Older servers list the key itself. What they say of one when it is to be deleted shows it to nobody.
func TestSecretKeyIsNotQuoted(t *testing.T) {
	g := NewWithT(t)
	const secret = "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"
	err := withoutSecret(&xmlapi.Error{Code: xmlapi.CodeFailed, Text: "Key " + secret + " is in use.", Class: xmlapi.Transient}, secret)
	g.Expect(err.Error()).NotTo(ContainSubstring(secret))
	g.Expect(strings.Contains(err.Error(), "is in use")).To(BeTrue())
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
	g.Expect(withoutSecret(nil, secret)).To(Succeed())
}
