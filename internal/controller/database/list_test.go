// Databases and their users in lists: they are listed as they are found.

package database

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
)

func TestDatabasesAndUsersAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	acme, plain := aSubscription(t, srv, "acme.example", "acme"), aSubscription(t, srv, "bücher.example", "")
	remote := aDatabaseServer(t, srv, "mysql", "db.acme.example", 3307)
	shop, shopThere, empty := addDatabase(t, srv, acme, 1, "shop"), addDatabase(t, srv, acme, remote, "shop"), addDatabase(t, srv, plain, 1, "empty")
	other := addDatabase(t, srv, plain, 1, "neighbour")
	reader := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &shop, Login: "reader", ACL: &database.ACL{Hosts: []string{"10.8.%"}}})
	writer := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &shop, Login: "writer"})
	there := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &shopThere, Login: "reader"})
	theirs := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &other, Login: "theirs"})
	subscription, err := engine.Number(acme.ID)
	g.Expect(err).NotTo(HaveOccurred())
	universal := addDatabaseUser(t, srv, database.AddDBUserRequest{WebspaceID: &subscription, ServerID: new(int64(1)), Login: "everywhere"})

	recorded := func(id int64, key engine.Key) engine.Handle {
		return engine.Handle{Identity: engine.Identity{ID: engine.IDText(id)}, Key: key}
	}
	server := func(id int64) engine.Identity { return engine.Identity{ID: engine.IDText(id)} }
	databases := controllertest.ExpectListed(t, Database{}, c, 1,
		recorded(shop, target.DatabaseKey(server(1), "shop")), recorded(shopThere, target.DatabaseKey(server(remote), "shop")),
		recorded(empty, target.DatabaseKey(server(1), "empty")))
	g.Expect(databases).To(HaveLen(4))
	g.Expect(controllertest.Listed(databases, engine.IDText(other))).To(HaveLen(1), "what nobody describes is listed, too")

	of := func(db int64, login string) engine.Key { return target.DatabaseUserKey(server(db), login) }
	users := controllertest.ExpectListed(t, User{}, c, 1,
		recorded(reader, of(shop, "reader")), recorded(writer, of(shop, "writer")), recorded(there, of(shopThere, "reader")))
	g.Expect(controllertest.Listed(users, engine.IDText(theirs))).To(HaveLen(1), "what nobody describes is listed, too")
	everywhere := controllertest.Listed(users, engine.IDText(universal))
	g.Expect(everywhere).To(HaveLen(1), "universal users are not passed over in silence")
	_, err = User{}.Export(&v1alpha1.PleskDatabaseUser{}, everywhere[0])
	g.Expect(err).To(MatchError(ContainSubstring("it is universal")), "and not described")
}

// What a database lies in has to be shown. One that lies in nothing is left to Find, whatever else there is.
func TestDoubtfulListsOfDatabases(t *testing.T) {
	g := NewWithT(t)
	const (
		shop   = `<result><status>ok</status><id>7</id><name>shop</name><type>mysql</type><webspace-id>4</webspace-id><db-server-id>1</db-server-id></result>`
		lost   = `<result><status>ok</status><id>8</id><name>lost</name><type>mysql</type><webspace-id>5</webspace-id><db-server-id>1</db-server-id></result>`
		acme   = `<result><status>ok</status><id>4</id><data><gen_info><name>acme.example</name><ascii-name>acme.example</ascii-name><guid>g-4</guid></gen_info></data></result>`
		failed = `<result><status>error</status><errcode>1023</errcode></result>`
	)
	list := func(databases, subscriptions, users string) ([]*engine.Found[databaseValue], error) {
		return Database{}.List(t.Context(), controllertest.Recorded(`<packet><database><get-db>`+databases+`</get-db></database><db_server><get/></db_server>`+
			`<webspace><get>`+subscriptions+`</get></webspace><database><get-db-users>`+users+`</get-db-users></database></packet>`), engine.Known{})
	}
	g.Expect(list(shop+lost, acme, "")).To(HaveExactElements(HaveField("ID", "7")))
	for _, doubt := range [][3]string{{shop + shop, acme, ""}, {shop, acme + acme, ""}, {shop + failed, acme, ""}, {shop, failed, ""}, {shop, acme, failed}} {
		_, err := list(doubt[0], doubt[1], doubt[2])
		g.Expect(err).To(HaveOccurred(), "%v", doubt)
	}
}
