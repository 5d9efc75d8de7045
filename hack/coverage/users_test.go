// What the kinds column is derived from, shown on a package made for it.

package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const controllers = `package controller

import (
	"example/api/v1alpha1"
	box "example/xmlapi/lid"
	"example/xmlapi/mail"
)

type Mailbox struct{}

func (Mailbox) Desired(o *v1alpha1.PleskMailbox, in any) error { return nil }
func (m Mailbox) Update(set mail.Thing) { m.shared(); _ = set; _ = mail.Rename.Name() }
func (Mailbox) shared() { mail.Enable.One() }

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
		{"mail", "Enable"}: {"PleskMailbox"},
		{"mail", "Get"}:    {"PleskDomain", "PleskServer"},
		{"mail", "Rename"}: {"PleskDomain"},
		{"lid", "Add"}:     {"PleskDomain"},
		{"lid", "Get"}:     {"PleskDomain"},
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
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "controller.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
