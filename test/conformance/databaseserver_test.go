// The row of PleskDatabaseServer.

package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

// databaseServerRow has no mark: nothing in a database server's registration can hold one. It has no filling: Plesk removes no server that
// databases are on.
var databaseServerRow = row{
	kind: "PleskDatabaseServer",
	is:   kind(family.Server{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, secretUser, destructive, permanent, stateless, serverScoped, named, blamer},
	prepare: func(s *site) {
		addDatabaseServer(s, "neighbour.example", "admin")
	},
	object: func(s *site) v1alpha1.Object {
		d := &v1alpha1.PleskDatabaseServer{Spec: v1alpha1.PleskDatabaseServerSpec{
			CommonSpec: s.common(), Type: v1alpha1.DatabaseTypeMySQL, Host: "db-2.example", Port: 3306, Login: new("root"), Password: new(s.generated()),
		}}
		d.Name = s.name + "-db-2"
		return d
	},
	fields: []field{
		field{
			name: "login", initial: "root", changed: "boss",
			change: set(func(d *v1alpha1.PleskDatabaseServer) { d.Spec.Login = new("boss") }),
			unset:  set(func(d *v1alpha1.PleskDatabaseServer) { d.Spec.Login = nil }),
			read:   func(s *site, id string) string { return databaseServerOf(s, id).Data.Admin },
		}.spoiling("intruder", func(s *site, id, login string) {
			do(s, dbserver.Set, dbserver.SetRequest{ID: number(s, id), Admin: &login})
		}),
	},
	list: func(s *site) []external {
		var out []external
		for _, d := range findAll(s, dbserver.Get, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
			d.Data.Databases = 0 // they come and go
			content, err := json.Marshal(d)
			s.Expect(err).NotTo(HaveOccurred())
			key := fmt.Sprintf("%s/%s:%d", d.Data.Type, *d.Data.Host, *d.Data.Port)
			out = append(out, external{id: strconv.FormatInt(d.ID, 10), key: key, content: string(content)})
		}
		return out
	},
	numbered: "db_server",
	foreign:  true,
	guises:   []guise{{name: "in capitals", here: set(func(d *v1alpha1.PleskDatabaseServer) { d.Spec.Host = strings.ToUpper(d.Spec.Host) })}},
	plant: func(s *site, id string) []string {
		do(s, dbserver.Set, dbserver.SetRequest{ID: number(s, id), Admin: new("stranger")})
		return []string{"stranger"}
	},
	rename: rename{key: "mysql/db-3.example:3306", change: set(func(d *v1alpha1.PleskDatabaseServer) { d.Spec.Host = "db-3.example" })},
	add: func(s *site, differing bool, _ string) {
		login := "root"
		if differing {
			login = "somebody"
		}
		addDatabaseServer(s, "db-2.example", login)
	},
	remove: func(s *site, id string) {
		do(s, dbserver.Del, dbserver.DelRequest{Filter: dbserver.DelFilter{IDs: []int64{number(s, id)}}})
	},
}

// addDatabaseServer registers a database server behind the operator's back.
func addDatabaseServer(s *site, host, login string) int64 {
	return do(s, dbserver.Add, dbserver.AddRequest{
		Host: host, Port: "3306", Type: dbserver.MySQL, Admin: login, Password: new(xmlapi.Secret("By-Hand-2031")),
	}).ID
}

// databaseServerOf reads a database server behind the operator's back.
func databaseServerOf(s *site, id string) dbserver.GetResult {
	return do(s, dbserver.Get, xmlapi.QueryRequest{Filter: dbserver.ByID(number(s, id)).Query()})
}
