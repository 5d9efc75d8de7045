// The acts that change how somebody is known: GUIDs, and additional administrators.

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// guids resets that of a customer: the operator knows it again, and what it owns. A subscription has things in it that are told by its GUID.
func guids(t *testing.T, w *world) {
	w.refused(t, "and no others", "", "act", "reset-guid", "serviceplan/small", "--yes")
	w.refused(t, "and no others", "", "act", "reset-guid", "server/web-01", "--yes")
	w.refused(t, "nobody answered", "", "act", "reset-guid", "customer/acme")

	const ref = "customer/acme"
	o := &v1alpha1.PleskCustomer{}
	w.get(t, "acme", o)
	before := o.Status
	what := `Give the customer "acme" on web-01 another GUID than ` + before.GUID
	w.declined(t, what, "act", "reset-guid", ref)
	r := w.must(t, "y\n", "act", "reset-guid", ref)
	if !strings.Contains(r.out, "has GUID ") || strings.Contains(r.out, before.GUID) {
		t.Error(r)
	}
	if notes := w.notes(t, "ResetGUID", "acme"); len(notes) != 1 || !strings.Contains(notes[0], what) {
		t.Error(notes)
	}
	w.must(t, "", "reconcile", ref, "subscription/acme-example")
	w.eventually(t, "it is known by its new GUID", testWithin, func() (string, bool) {
		w.get(t, "acme", o)
		return fmt.Sprintf("%+v", o.Status), o.Status.ID == before.ID && o.Status.GUID != before.GUID && strings.Contains(r.out, "has GUID "+o.Status.GUID+",")
	})
	w.becomes(t, ref, "Available")
	w.becomes(t, "subscription/acme-example", "Available")
	w.refused(t, "would not find its object", "", "act", "reset-guid", "subscription/acme-example", "--yes")

	unmarked(t, w)
}

// unmarked has another system's external id on a customer, by which the operator would not know it.
func unmarked(t *testing.T, w *world) {
	o := &v1alpha1.PleskCustomer{}
	w.get(t, "acme", o)
	get := customer.GetRequest{Filter: customer.ByGUID(o.Status.GUID).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}}
	was, err := customer.Get.One(t.Context(), w.plesk, get)
	if err != nil {
		t.Fatal(err)
	}
	mark := func(as string) {
		if _, err := customer.Set.One(t.Context(), w.plesk, customer.SetRequest{
			Filter: customer.ByGUID(o.Status.GUID), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{ExternalID: &as}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	mark("client-4711")
	w.refused(t, `its external id on the server is "client-4711" and not this resource's mark`, "", "act", "reset-guid", "customer/acme", "--yes")
	mark(was.Data.GenInfo.ExternalID)
	if is, err := customer.Get.One(t.Context(), w.plesk, get); err != nil || is.ID != was.ID {
		t.Error("its GUID is the same still", err)
	}
	w.must(t, "", "reconcile", "customer/acme")
	w.becomes(t, "customer/acme", "Available")
}

// aliases has a deputy come, change and go.
func aliases(t *testing.T, w *world) {
	const password, other = "Panel-2031-x", "Panel-2032-x"
	alias := func(what string, more ...string) []string {
		return append([]string{"act", "admin-alias", what, "server/web-01", "--login", "deputy"}, more...)
	}
	file := filepath.Join(t.TempDir(), "deputy")
	if err := os.WriteFile(file, []byte(other+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.refused(t, "--login is required", "", "act", "admin-alias", "del", "server/web-01", "--yes")
	w.refused(t, "--password-file is required", "", alias("add", "--yes")...)
	w.refused(t, "the password on one line", "\n", alias("add", "--password-file", "-", "--yes")...)
	w.refused(t, "want an address", password, alias("add", "--password-file", "-", "--email", "deputy", "--yes")...)
	w.refused(t, "are a server's", "", "act", "admin-alias", "del", "customer/acme", "--login", "deputy", "--yes")
	w.refused(t, "nobody answered", password+"\n", alias("add", "--password-file", "-")...)
	if w.admits(t, "deputy", password) {
		t.Fatal("nobody was to be added yet")
	}

	r := w.must(t, password+"\ny\n", alias("add", "--password-file", "-", "--email", "deputy@firm.example")...)
	if !strings.Contains(r.out, `has the additional administrator "deputy"`) || !strings.Contains(r.err, `Add the additional administrator "deputy" to web-01.`) {
		t.Error(r)
	}
	if !w.admits(t, "deputy", password) {
		t.Error("the deputy is not let in")
	}
	w.refused(t, "1002", "", alias("add", "--password-file", file, "--yes")...)

	w.refused(t, "say what to change", "", alias("set", "--yes")...)
	r = w.must(t, "", alias("set", "--password-file", file, "--comment", "in May", "--yes")...)
	if !strings.Contains(r.err, `Change the additional administrator "deputy" of web-01: the password, the comment, to "in May".`) {
		t.Error(r)
	}
	if w.admits(t, "deputy", password) || !w.admits(t, "deputy", other) {
		t.Error("the password was to change")
	}
	w.must(t, "", alias("set", "--active=false", "--new-login", "second", "--yes")...)
	if w.admits(t, "second", other) {
		t.Error("who is not active is not let in")
	}
	w.must(t, "", "act", "admin-alias", "set", "server/web-01", "--login", "second", "--active", "--yes")
	if !w.admits(t, "second", other) {
		t.Error("who is active again is let in")
	}
	w.refused(t, "1013", "", alias("del", "--yes")...)
	w.must(t, "", "act", "admin-alias", "del", "server/web-01", "--login", "second", "--yes")
	if w.admits(t, "second", other) {
		t.Error("who was removed is not let in")
	}

	for what, args := range map[string][]string{"del": nil, "set": {"--active=false"}} {
		w.refused(t, "the operator logs in", "", append([]string{"act", "admin-alias", what, "server/web-01", "--login", "Admin", "--yes"}, args...)...)
	}
	notes := strings.Join(append(w.notes(t, "AddAdminAlias", "web-01"), w.notes(t, "SetAdminAlias", "web-01")...), "\n")
	if strings.Count(notes, "asked for by ") != 5 || strings.Contains(notes, password) || strings.Contains(notes, other) {
		t.Error(notes)
	}
}

// admits reports whether the server lets somebody in.
func (w *world) admits(t *testing.T, login, password string) bool {
	t.Helper()
	as := w.plesk.Access
	as.Login, as.Password = login, password
	c, err := as.Client()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = server.Get.One(t.Context(), c, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	return err == nil
}

// notes are those of the events that an act has made.
func (w *world) notes(t *testing.T, action, name string) (out []string) {
	t.Helper()
	list := &eventsv1.EventList{}
	if err := w.bed.Client.List(t.Context(), list, client.InNamespace(namespace)); err != nil {
		t.Fatal(err)
	}
	for _, e := range list.Items {
		if e.Reason == "Act" && e.Action == action && e.Regarding.Name == name {
			out = append(out, e.Note)
		}
	}
	return out
}
