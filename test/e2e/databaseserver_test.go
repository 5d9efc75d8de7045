// Database servers: what is made on them by name, what is written after a create, and what stays.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

func newDatabaseServer(name, host string) *v1alpha1.PleskDatabaseServer {
	d := &v1alpha1.PleskDatabaseServer{Spec: v1alpha1.PleskDatabaseServerSpec{
		CommonSpec: common(), Type: v1alpha1.DatabaseTypeMySQL, Host: host, Port: 3306, Login: new("root"), Password: new(generated(name + "-root")),
	}}
	d.Name = name
	return d
}

var _ = Describe("A database server", func() {
	It("is waited for by the databases that name it, and stays while they are on it", func() {
		w := readyWorld()
		s := w.setUp()
		shop := newDatabase(s.subscription.Name, "shop")
		shop.Spec.DatabaseServerRef, shop.Spec.CustomHost = &v1alpha1.ObjectReference{Name: "db-2"}, new("db.acme.example")
		w.create(shop)
		w.eventuallySays(shop, v1alpha1.ReasonDependencyNotReady, `PleskDatabaseServer "db-2"`)
		server := newDatabaseServer("db-2", "db-2.example")
		w.create(server)
		w.eventuallyReady(server, shop)
		all, err := database.GetDB.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
		Expect(err).NotTo(HaveOccurred())
		Expect(all).To(HaveLen(1))
		is, err := dbserver.Get.One(w, w.plesk, xmlapi.QueryRequest{Filter: dbserver.ByID(all[0].ServerID).Query()})
		Expect(err).NotTo(HaveOccurred())
		Expect(is.Data.Host).To(HaveValue(Equal("db-2.example")))

		edit(w, server, func(d *v1alpha1.PleskDatabaseServer) { d.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(server)
		w.eventuallySays(server, v1alpha1.ReasonDeletionBlocked, "still referred to by", "shop")
		edit(w, shop, func(d *v1alpha1.PleskDatabase) { d.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(shop)
		w.eventuallyGone(shop)
		w.eventuallyGone(server)
	})

	It("of a type, local or the default one, is never deleted, and is let go of with Retain", func() {
		w := readyWorld()
		local := newDatabaseServer("local", "127.0.0.1")
		local.Spec.Login, local.Spec.Password = nil, nil
		local.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
		w.create(local)
		w.eventuallyReady(local)
		w.plesk.ResetStats()
		w.delete(local)
		w.eventuallySays(local, v1alpha1.ReasonDeletionBlocked, "own machine", "deletionPolicy: Retain")
		Expect(w.plesk.Stats().Writes).To(BeZero())
		edit(w, local, func(d *v1alpha1.PleskDatabaseServer) { d.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyGone(local)
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})

var _ = Describe("The host that a database's users are told", func() {
	It("is written once, after the database is made", func() {
		w := readyWorld()
		s := w.setUp()
		w.plesk.ResetStats()
		shop := newDatabase(s.subscription.Name, "shop")
		shop.Spec.CustomHost = new("db.acme.example")
		w.create(shop)
		w.eventuallyReady(shop)
		Expect(w.plesk.Stats().Writes).To(Equal(2), "the add, and the host")
		w.silent("database/get-db", shop)
		edit(w, shop, func(d *v1alpha1.PleskDatabase) { d.Spec.CustomHost = new("db-2.acme.example") })
		w.eventuallyReady(shop)
		Expect(w.plesk.Stats().Writes).To(Equal(1), "the host alone")
	})
})
