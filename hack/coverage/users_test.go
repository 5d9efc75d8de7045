// What the kinds column is derived from, shown on a package written for it.

package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const controllers = `package kinds

import (
	"example/api/v1alpha1"
	box "example/xmlapi/lid"
	"example/kinds/shared"
	"example/xmlapi/mail"
)

type Mailbox struct{}

func (Mailbox) Desired(o *v1alpha1.PleskMailbox, in any) error { return nil }
func (m Mailbox) Update(set mail.Thing) { m.shared(); _ = set; _ = mail.Rename.Name() }
func (Mailbox) shared() { mail.Enable.One(); shared.Look() }

type Domain struct{}

func (Domain) Desired(o *v1alpha1.PleskDomain, in any) error { return nil }
func (Domain) Create() { set(); steps[0](); for _, x := range mail.Things() { x.undo() } }
func (Domain) Delete() { if false { other() } }

func set() { box.Add.One(); other() }
func other() { mail.Get.One() }

type step struct{}

func (step) undo() { mail.Rename.Call() }

var steps = []func(){ func() { box.Get.One() } }

type Server struct{ builder v1alpha1.Builder }

func (s *Server) Setup() { s.builder.For(&v1alpha1.PleskServer{}, nil).Complete(s) }
func (s *Server) Reconcile() { mail.Get.One(); Mailbox{}.Update(mail.Thing{}) }
`

// below is a package below, which kinds share.
const below = `package shared

import "example/xmlapi/mail"

var Look = func() { look() }

func look() { mail.Disable.One() }
`

func TestUsersAreTheKindsWhoseCodeReachesAnOperation(t *testing.T) {
	client := map[string]value{}
	for _, v := range []value{{"mail", "Get"}, {"mail", "Rename"}, {"mail", "Enable"}, {"mail", "Disable"}, {"lid", "Add"}, {"lid", "Get"}} {
		client[v.pkg+"/"+v.name] = v
	}
	got, err := usersOf(written(t, controllers), client)
	if err != nil {
		t.Fatal(err)
	}
	want := map[value][]string{
		{"mail", "Enable"}:  {"PleskMailbox"},
		{"mail", "Disable"}: {"PleskMailbox"},
		{"mail", "Get"}:     {"PleskDomain", "PleskServer"},
		{"mail", "Rename"}:  {"PleskDomain"},
		{"lid", "Add"}:      {"PleskDomain"},
		{"lid", "Get"}:      {"PleskDomain"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestUseThatNoKindReachesIsAnError(t *testing.T) {
	source := controllers + "\nfunc forgotten() { mail.Get.One() }\n"
	_, err := usersOf(written(t, source), map[string]value{"mail/get": {"mail", "Get"}})
	if err == nil || !strings.Contains(err.Error(), "forgotten uses mail.Get") {
		t.Errorf("got %v", err)
	}
}

func written(t *testing.T, source string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "kinds")
	if err := os.MkdirAll(filepath.Join(dir, "shared"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"kinds.go": source, "shared/shared.go": below, "kindstest/kindstest.go": "package kindstest\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
