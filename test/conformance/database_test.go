// The row of PleskDatabase.

package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// databaseRow has no mark: nothing in a database can hold one.
var databaseRow = row{
	kind: "PleskDatabase",
	is:   kind(family.Database{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, named, blamer},
	prepare: func(s *site) {
		for _, domain := range []string{"acme.example", "heir.example", "neighbour.example"} {
			do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{sharedAddress}}})
		}
		addDatabase(s, "neighbour.example", "neighbour")
	},
	object: func(s *site) v1alpha1.Object {
		d := &v1alpha1.PleskDatabase{Spec: v1alpha1.PleskDatabaseSpec{
			CommonSpec: s.common(), SubscriptionRef: v1alpha1.ObjectReference{External: "acme.example"}, DatabaseName: "shop", Type: v1alpha1.DatabaseTypeMySQL,
		}}
		d.Name = s.name + "-shop"
		return d
	},
	fields: []field{
		{
			name: "subscriptionRef", initial: "acme.example", changed: "heir.example", place: true,
			change: set(func(d *v1alpha1.PleskDatabase) { d.Spec.SubscriptionRef.External = "heir.example" }),
			read: func(s *site, id string) string {
				owner := databaseOf(s, id).WebspaceID
				return do(s, webspace.Get, webspace.GetRequest{Filter: webspace.ByID(owner).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}).Data.GenInfo.Name
			},
		},
	},
	stray: func(s *site, id string) {
		do(s, database.AssignToSubscription, database.AssignToSubscriptionRequest{Filter: database.ByID(number(s, id)), WebspaceID: webspaceID(s, "neighbour.example")})
	},
	list: func(s *site) []external {
		var out []external
		for _, d := range findAll(s, database.GetDB, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
			content, err := json.Marshal(d)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: strconv.FormatInt(d.ID, 10), key: d.Name, content: string(content)})
		}
		return out
	},
	numbered: "database",
	guises:   []guise{{name: "in a subscription in capitals", here: set(func(d *v1alpha1.PleskDatabase) { d.Spec.SubscriptionRef.External = "ACME.example" })}},
	plant:    func(*site, string) []string { return []string{"heir.example"} }, // which a differing one lies in
	rename:   rename{change: set(func(d *v1alpha1.PleskDatabase) { d.Spec.DatabaseName = "store" })},
	add: func(s *site, differing bool, _ string) {
		domain := "acme.example"
		if differing {
			domain = "heir.example"
		}
		addDatabase(s, domain, "shop")
	},
	adds:    database.AddDB.Name(),
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskDatabase).Spec.SubscriptionRef = in
	},
	fill: func(s *site, id string, n int) []string {
		login := fmt.Sprintf("clerk_%d", n)
		do(s, database.AddDBUser, database.AddDBUserRequest{DatabaseID: new(number(s, id)), Login: login, Password: "By-Hand-2031"})
		return []string{"DatabaseUser " + login}
	},
	remove: func(s *site, id string) {
		do(s, database.DelDB, xmlapi.FilterRequest{Filter: database.ByID(number(s, id))})
	},
}

// addDatabase makes a database behind the operator's back.
func addDatabase(s *site, domain, name string) int64 {
	return do(s, database.AddDB, database.AddDBRequest{WebspaceID: webspaceID(s, domain), Name: name, Type: dbserver.MySQL}).ID
}

// databaseOf reads a database behind the operator's back.
func databaseOf(s *site, id string) database.GetDBResult {
	return do(s, database.GetDB, xmlapi.QueryRequest{Filter: database.ByID(number(s, id)).Query()})
}

func webspaceID(s *site, domain string) int64 {
	return do(s, webspace.Get, webspace.GetRequest{Filter: webspace.ByName(domain).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}).ID
}
