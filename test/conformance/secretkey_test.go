// The row of PleskSecretKey.

package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/panel"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
)

// secretKeyRow has no place for marks of others: a description is given once. Whose the key is, its object leaves open: that is what is planted.
var secretKeyRow = row{
	kind: "PleskSecretKey",
	is:   kind(family.SecretKey{}),
	can:  []capability{unexportable, maker, lister, normalizer, discloser, privileged, serverScoped, named, blamer},
	prepare: func(s *site) {
		do(s, customer.Add, customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "Ada Birch", Login: "stranger", Password: "By-Hand-2031"}})
		addSecretKey(s, "neighbour", "203.0.113.20")
	},
	object: func(s *site) v1alpha1.Object {
		k := &v1alpha1.PleskSecretKey{Spec: v1alpha1.PleskSecretKeySpec{
			CommonSpec: s.common(), Description: "Deployments of Acme", Addresses: []string{"203.0.113.20", "2001:db8::20"}, SecretRef: s.keptIn(),
		}}
		k.Name = s.name + "-key"
		return k
	},
	fixed:  true,
	fields: []field{atRest},
	list: func(s *site) []external {
		var out []external
		for _, r := range findAll(s, secretkey.GetInfo, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
			for _, i := range r.Keys {
				e := external{id: hashed(i.Key), key: i.Description}
				if first, rest, found := strings.Cut(i.Description, " "); found && strings.HasPrefix(first, "plesk-operator:") {
					e.mark, e.key = first, rest
				}
				content, err := json.Marshal([]any{i.Description, i.IPAddress, i.Login})
				s.Expect(err).NotTo(HaveOccurred())
				e.content = string(content)
				out = append(out, e)
			}
		}
		return out
	},
	marked:  true,
	example: true,
	guises: []guise{{name: "between blanks", here: set(func(k *v1alpha1.PleskSecretKey) {
		k.Spec.Description = " Deployments  of Acme "
	})}},
	plant:  func(*site, string) []string { return []string{"stranger"} },
	rename: rename{change: set(func(k *v1alpha1.PleskSecretKey) { k.Spec.Description = "Backups of Acme" })},
	add: func(s *site, differing bool, _ string) {
		addresses := "2001:DB8::20, 203.0.113.20"
		if differing {
			addresses = "203.0.113.21"
		}
		s.keep(addSecretKey(s, "Deployments of Acme", addresses))
	},
	adds: secretkey.Create.Name(),
	remove: func(s *site, id string) {
		do(s, secretkey.Delete, xmlapi.FilterRequest{Filter: secretkey.ByKey(listedAs(s, id))})
	},
	opens: func(s *site, secret string) string {
		r, err := secretkey.GetInfo.One(s, s.plesk, xmlapi.QueryRequest{Filter: secretkey.ByKey(xmlapi.Secret(secret)).Query()})
		if xmlapi.IsNotFound(err) {
			return ""
		}
		s.Expect(err).NotTo(HaveOccurred())
		return hashed(r.Keys[0].Key)
	},
}

// hashed is the id of what a server lists in place of a key.
func hashed(listed xmlapi.Secret) string {
	sum := sha256.Sum256([]byte(listed.Reveal()))
	return hex.EncodeToString(sum[:16])
}

// listedAs is what the server lists in place of the key with an id.
func listedAs(s *site, id string) xmlapi.Secret {
	for _, r := range findAll(s, secretkey.GetInfo, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
		for _, i := range r.Keys {
			if hashed(i.Key) == id {
				return i.Key
			}
		}
	}
	panic(failure{"there is no key with the id " + id})
}

// addSecretKey makes a key behind the operator's back, for the customer whose login is planted, and returns it.
func addSecretKey(s *site, description, addresses string) string {
	return do(s, secretkey.Create, secretkey.CreateRequest{IPAddress: &addresses, Description: &description, Login: new("stranger")}).Key.Reveal()
}
