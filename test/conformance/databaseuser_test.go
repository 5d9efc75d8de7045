// The row of PleskDatabaseUser.

package conformance

import (
	"encoding/json"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// databaseUserRow has no mark: nothing in a user can hold one. The role is not among its fields: no answer tells it.
var databaseUserRow = row{
	kind: "PleskDatabaseUser",
	is:   kind(family.User{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, secretUser, publisher, stateless, named, blamer, privileged},
	prepare: func(s *site) {
		do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{sharedAddress}}})
		shop := addDatabase(s, "acme.example", "shop")
		do(s, database.AddDBUser, database.AddDBUserRequest{DatabaseID: &shop, Login: "neighbour", Password: "By-Hand-2031"})
	},
	object: func(s *site) v1alpha1.Object {
		u := &v1alpha1.PleskDatabaseUser{Spec: v1alpha1.PleskDatabaseUserSpec{
			CommonSpec: s.common(), DatabaseRef: v1alpha1.ObjectReference{External: "shop"}, Login: "shop_rw",
			Role: new(v1alpha1.DatabaseRoleReadWrite), Password: new(s.generated()),
			AllowedHosts: []string{"app-1.acme.example"}, AllowedAddresses: []string{"198.51.100.7"},
			ConnectionSecretRef: &v1alpha1.SecretReference{Name: s.connectionName()},
		}}
		u.Name = s.name + "-shop"
		return u
	},
	fields: []field{
		databaseUserList("allowedHosts", "app-1.acme.example", "app-2.acme.example", "intruder.example",
			func(u *v1alpha1.PleskDatabaseUserSpec, v []string) { u.AllowedHosts = v },
			func(u database.GetDBUsersResult) []string {
				if u.ACL == nil {
					return nil
				}
				return u.ACL.Hosts
			},
			func(r *database.SetDBUserRequest, v []string) { r.ACL = &database.ACL{Hosts: v} }),
		databaseUserList("allowedAddresses", "198.51.100.7", "198.51.100.8", "203.0.113.9",
			func(u *v1alpha1.PleskDatabaseUserSpec, v []string) { u.AllowedAddresses = v },
			func(u database.GetDBUsersResult) []string {
				if u.AllowAccessFrom == nil {
					return nil
				}
				return u.AllowAccessFrom.IPAddresses
			},
			func(r *database.SetDBUserRequest, v []string) {
				r.AllowAccessFrom = &database.AccessRules{IPAddresses: v}
			}),
	},
	list: func(s *site) []external {
		var out []external
		for _, u := range findAll(s, database.GetDBUsers, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
			content, err := json.Marshal(u)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: strconv.FormatInt(u.ID, 10), key: u.Login, content: string(content)})
		}
		return out
	},
	numbered: "database-user",
	example:  true,
	local:    true,
	plant: func(s *site, id string) []string {
		do(s, database.SetDBUser, database.SetDBUserRequest{ID: number(s, id), ACL: &database.ACL{Hosts: []string{"stranger.example"}}})
		return []string{"stranger.example"}
	},
	rename: rename{key: "shop_writer", change: set(func(u *v1alpha1.PleskDatabaseUser) { u.Spec.Login = "shop_writer" })},
	add: func(s *site, differing bool, _ string) {
		shop := findAll(s, database.GetDB, xmlapi.QueryRequest{Filter: xmlapi.All()})[0].ID
		host := "app-1.acme.example"
		if differing {
			host = "app-9.acme.example"
		}
		do(s, database.AddDBUser, database.AddDBUserRequest{
			DatabaseID: &shop, Login: "shop_rw", Password: "By-Hand-2031",
			ACL: &database.ACL{Hosts: []string{host}}, AllowAccessFrom: &database.AccessRules{IPAddresses: []string{"198.51.100.7"}},
		})
	},
	adds: database.AddDBUser.Name(),
	parents: func(s *site) []v1alpha1.Object {
		parents := databaseRow.parents(s)
		db := &v1alpha1.PleskDatabase{Spec: v1alpha1.PleskDatabaseSpec{DatabaseName: "house", Type: v1alpha1.DatabaseTypeMySQL}}
		db.Name = s.name + "-house-db"
		databaseRow.lieIn(db, v1alpha1.ObjectReference{Name: parents[len(parents)-1].GetName()})
		return append(parents, db)
	},
	depth: 3,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskDatabaseUser).Spec.DatabaseRef = in
	},
	remove: func(s *site, id string) {
		do(s, database.DelDBUser, xmlapi.FilterRequest{Filter: database.ByID(number(s, id))})
	},
}

// databaseUserList is a field of a database user that holds a list.
func databaseUserList(name, initial, changed, spoiled string, spec func(*v1alpha1.PleskDatabaseUserSpec, []string),
	read func(database.GetDBUsersResult) []string, wire func(*database.SetDBUserRequest, []string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(u *v1alpha1.PleskDatabaseUser) { spec(&u.Spec, []string{changed}) }),
		unset:  set(func(u *v1alpha1.PleskDatabaseUser) { spec(&u.Spec, nil) }),
		read: func(s *site, id string) string {
			u := do(s, database.GetDBUsers, xmlapi.QueryRequest{Filter: database.ByID(number(s, id)).Query()})
			return strings.Join(read(u), " ")
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) {
		req := database.SetDBUserRequest{ID: number(s, id)}
		wire(&req, []string{value})
		do(s, database.SetDBUser, req)
	})
}
