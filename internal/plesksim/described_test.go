// What descriptors say and what set does agree: whatever they let pass is taken, whatever they speak against is refused.

package plesksim

import (
	"errors"
	"fmt"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	extensionapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// openValues are proper values of the properties about whose values descriptors say nothing.
var openValues = map[string]string{"ftp_login": "another", "www_root": "public", "certificate_name": defaultCertificate}

// triedValues are values of every kind of property, and of none.
func triedValues() []string {
	values := []string{"true", "false", "yes", "", "-1", "0", "5", "-2", "1.5", "no-such", "TRUE"}
	for _, os := range []OS{Linux, Windows} {
		s := &state{}
		s.Machine.OS = os
		for _, p := range propertiesOn[os] {
			if p.values != nil {
				for _, v := range p.values(s) {
					values = append(values, v.value)
				}
			}
		}
	}
	return append(values, "awstats", "webalizer", "smarterstats", "/bin/false", "/bin/bash", "/bin/zsh", "plesk-php74-fpm", "plesk-php83-fpm", "module", "fastcgi")
}

// level is where descriptors and writes are tried: a plan, an add-on plan or a subscription.
type level struct {
	name        string
	descriptors hosting.Descriptors
	limit       func(hosting.Limit) error
	permission  func(hosting.Permission) error
	property    func(xmlapi.Property) error
}

func levelsOf(t *testing.T, s *Server) []level {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := serviceplan.Add.One(t.Context(), s, serviceplan.AddRequest{Name: "one", HostingType: new(hosting.Virtual)})
	must(err)
	_, err = serviceplanaddon.Add.One(t.Context(), s, serviceplanaddon.AddRequest{Name: "more"})
	must(err)
	_, err = webspaceapi.Add.One(t.Context(), s, webspaceapi.AddRequest{
		GenSetup: webspaceapi.NewGenSetup{Name: "one.test", IPAddresses: []string{"198.51.100.7"}},
		Hosting:  &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{{Name: "ftp_login", Value: "one"}, {Name: "ftp_password", Value: "Mossy-Gate-2026!"}}}},
	})
	must(err)
	plan := func(req serviceplan.SetRequest) error {
		req.Filter = serviceplan.ByName("one")
		_, err := serviceplan.Set.One(t.Context(), s, req)
		return err
	}
	addon := func(req serviceplanaddon.SetRequest) error {
		req.Filter = serviceplanaddon.ByName("more")
		_, err := serviceplanaddon.Set.One(t.Context(), s, req)
		return err
	}
	subscription := func(values webspaceapi.SetValues) error {
		_, err := webspaceapi.Set.One(t.Context(), s, webspaceapi.SetRequest{Filter: webspaceapi.ByName("one.test"), Values: values})
		return err
	}
	limits := func(l hosting.Limit) *hosting.Limits { return &hosting.Limits{Limits: []hosting.Limit{l}} }
	permissions := func(p hosting.Permission) *hosting.Permissions {
		return &hosting.Permissions{Permissions: []hosting.Permission{p}}
	}
	return []level{
		{
			"plan", serviceplan.Descriptors,
			func(l hosting.Limit) error { return plan(serviceplan.SetRequest{Limits: limits(l)}) },
			func(p hosting.Permission) error { return plan(serviceplan.SetRequest{Permissions: permissions(p)}) },
			func(p xmlapi.Property) error {
				return plan(serviceplan.SetRequest{Hosting: &hosting.PlanHosting{Virtual: &hosting.Properties{Properties: []xmlapi.Property{p}}}})
			},
		},
		{
			"add-on plan", serviceplanaddon.Descriptors,
			func(l hosting.Limit) error {
				return addon(serviceplanaddon.SetRequest{Limits: &serviceplanaddon.Limits{Limits: []hosting.Limit{l}}})
			},
			func(p hosting.Permission) error {
				return addon(serviceplanaddon.SetRequest{Permissions: permissions(p)})
			},
			func(p xmlapi.Property) error {
				return addon(serviceplanaddon.SetRequest{Hosting: &hosting.Properties{Properties: []xmlapi.Property{p}}})
			},
		},
		{
			"subscription", webspaceapi.Descriptors,
			func(l hosting.Limit) error { return subscription(webspaceapi.SetValues{Limits: limits(l)}) },
			func(p hosting.Permission) error {
				return subscription(webspaceapi.SetValues{Permissions: permissions(p)})
			},
			func(p xmlapi.Property) error {
				return subscription(webspaceapi.SetValues{Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{p}}}})
			},
		},
	}
}

// read asks for a descriptor, and checks that nothing is lost of it that decides.
func read(t *testing.T, s *Server, q hosting.DescriptorQuery) *hosting.Descriptor {
	t.Helper()
	call, answer := q.Call()
	if err := s.Do(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	d, err := answer()
	if err != nil {
		t.Fatal(err)
	}
	return d.Bare()
}

func TestDescriptorsAgreeWithWhatIsTaken(t *testing.T) {
	for _, os := range []OS{Linux, Windows} {
		s, err := New(Options{OS: os, OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }})
		if err != nil {
			t.Fatal(err)
		}
		levels := levelsOf(t, s)
		for _, state := range []string{"fresh", "with an extension", "with fixed names"} {
			switch state {
			case "with an extension":
				if _, err := extensionapi.Install.One(t.Context(), s, extensionapi.InstallRequest{ID: new("docker")}); err != nil {
					t.Fatal(err)
				}
			case "with fixed names":
				s.Fix("max_db", "ext_limit_docker_containers", "manage_dns", "ext_permission_docker_manage_docker", "errdocs", "php_handler_id")
			}
			for _, l := range levels {
				l.agrees(t, s, fmt.Sprintf("%s, %s, %s", os, state, l.name))
			}
		}
	}
}

func (l level) agrees(t *testing.T, s *Server, at string) {
	t.Helper()
	passed, refused := 0, 0
	compare := func(in *hosting.Descriptor, name, value string, err error) {
		t.Helper()
		e, isError := errors.AsType[*xmlapi.Error](err)
		if isError && e.Code != xmlapi.CodeInvalidValue && e.Code != xmlapi.CodePermissionDenied {
			t.Errorf("%s: %s=%q: %v", at, name, value, err)
		}
		why := in.Refusal(hosting.RoleAdmin, name, value)
		if why == "" {
			passed++
		} else {
			refused++
		}
		if (why == "") != (err == nil) {
			t.Errorf("%s: the descriptor says of %s=%q: %q; set says: %v", at, name, value, why, err)
		}
	}

	limits := read(t, s, l.descriptors.Limits)
	for _, known := range append(limitsOnWindows, limitInfo{name: "max_dom"}, limitInfo{name: "ext_limit_docker_containers"}) {
		for _, n := range []int64{-1, 0, 7} { // no spec leads to others below 0
			compare(limits, known.name, fmt.Sprint(n), l.limit(hosting.Limit{Name: known.name, Value: n}))
		}
	}
	permissions := read(t, s, l.descriptors.Permissions)
	for _, name := range append(permissionNames[:len(permissionNames):len(permissionNames)], "manage_everything", "ext_permission_docker_manage_docker") {
		for _, granted := range []bool{true, false} {
			compare(permissions, name, fmt.Sprint(granted), l.permission(hosting.Permission{Name: name, Value: granted}))
		}
	}
	properties := read(t, s, l.descriptors.Properties)
	names := []string{"no_such", "memory_limit", "php_version"}
	for i := range hostingProperties {
		if hostingProperties[i].kind != typePassword { // nothing is asked about those
			names = append(names, hostingProperties[i].name)
		}
	}
	for _, name := range names {
		values := triedValues()
		if proper, open := openValues[name]; open {
			values = []string{proper}
		}
		for _, value := range values {
			compare(properties, name, value, l.property(xmlapi.Property{Name: name, Value: value}))
		}
	}
	if passed < 100 || refused < 100 {
		t.Errorf("%s: %d passed and %d refused: that is no comparison", at, passed, refused)
	}
}
