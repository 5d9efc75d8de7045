// The diff's laws, over a wire value that has every form of field.

package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

type record struct {
	Name string
	Type string
}

func (r record) String() string { return r.Name + " " + r.Type }

type nested struct {
	Shell *string `plesk:"shell"`
	Quota *int64  `plesk:"quota"`
}

type sample struct {
	Name     *string           `plesk:"name"`
	Active   *bool             `plesk:"active"`
	Owner    *string           `plesk:"owner,immutable"`
	Site     *Link             `plesk:"siteRef"`
	Limits   map[string]string `plesk:"limits"`
	Grants   map[string]string `plesk:"permissions,missing=false"`
	IPs      []string          `plesk:"ipAddresses"`
	Records  []record          `plesk:"records"`
	Hosting  *nested           `plesk:"hosting"`
	Inline   *nested           `plesk:""`
	Password *xmlapi.Secret    `plesk:"password,writeonly"`
	Mark     *string           `plesk:"externalID,mark"`
	seen     *string           // not compared
}

func link(id, guid, name string) *Link {
	return &Link{Identity: Identity{ID: id, GUID: guid}, Name: name}
}

func TestDiff(t *testing.T) {
	secret := xmlapi.Secret("hunter2")
	for _, c := range []struct {
		name       string
		want, have sample
		changes    []Change
	}{
		{"unset is unmanaged", sample{}, sample{Name: new("a"), Limits: map[string]string{"x": "1"}, IPs: []string{"1"}}, nil},
		{"equal", sample{Name: new("a"), Active: new(false)}, sample{Name: new("a"), Active: new(false)}, nil},
		{"a scalar differs", sample{Active: new(true)}, sample{Active: new(false)}, []Change{{Field: "active", From: "false", To: "true"}}},
		{"the server has none", sample{Name: new("")}, sample{}, []Change{{Field: "name"}}},
		{"immutable and mark are told", sample{Owner: new("b"), Mark: new("uid")}, sample{Owner: new("a"), Mark: new("")},
			[]Change{{Field: "owner", From: "a", To: "b", Immutable: true}, {Field: "externalID", To: "uid", Mark: true}}},
		{"only wanted keys of a map", sample{Limits: map[string]string{"b": "2", "a": "1"}}, sample{Limits: map[string]string{"a": "0", "z": "9"}},
			[]Change{{Field: "limits.a", From: "0", To: "1"}, {Field: "limits.b", To: "2"}}},
		{"a missing key has its default", sample{Grants: map[string]string{"dns": "false", "ssh": "true"}}, sample{},
			[]Change{{Field: "permissions.ssh", From: "false", To: "true"}}},
		{"sets ignore order and repetition", sample{IPs: []string{"2", "1", "1"}}, sample{IPs: []string{"1", "2"}}, nil},
		{"sets by member", sample{IPs: []string{"1", "3"}}, sample{IPs: []string{"1", "2"}},
			[]Change{{Field: "ipAddresses", To: "3", Member: "3"}, {Field: "ipAddresses", From: "2", Member: "2"}}},
		{"an empty set is managed", sample{IPs: []string{}}, sample{IPs: []string{"1"}}, []Change{{Field: "ipAddresses", From: "1", Member: "1"}}},
		{"sets of structs print themselves", sample{Records: []record{{"@", "MX"}}}, sample{}, []Change{{Field: "records", To: "@ MX", Member: record{"@", "MX"}}}},
		{"members that print the same are told apart", sample{Records: []record{{"a b", "A"}}}, sample{Records: []record{{"a", "b A"}}},
			[]Change{{Field: "records", To: "a b A", Member: record{"a b", "A"}}, {Field: "records", From: "a b A", Member: record{"a", "b A"}}}},
		{"nested paths", sample{Hosting: &nested{Shell: new("/bin/sh")}}, sample{Hosting: &nested{Shell: new("/bin/false")}},
			[]Change{{Field: "hosting.shell", From: "/bin/false", To: "/bin/sh"}}},
		{"nested where the server has nothing", sample{Hosting: &nested{Quota: new(int64(5))}}, sample{}, []Change{{Field: "hosting.quota", To: "5"}}},
		{"an empty path is no prefix", sample{Inline: &nested{Quota: new(int64(5))}}, sample{}, []Change{{Field: "quota", To: "5"}}},
		{"a link is compared as such and prints as its key", sample{Site: link("7", "g", "new.example")}, sample{Site: link("7", "h", "old.example")},
			[]Change{{Field: "siteRef", From: "old.example", To: "new.example"}}},
		{"the same thing under another name", sample{Site: link("7", "g", "new.example")}, sample{Site: link("8", "g", "old.example")}, nil},
		{"a link where the server has none", sample{Site: link("7", "g", "new.example")}, sample{}, []Change{{Field: "siteRef", To: "new.example"}}},
		{"what cannot be read back is not compared", sample{Password: &secret}, sample{}, nil},
		{"untagged fields are not compared", sample{seen: new("a")}, sample{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			NewWithT(t).Expect(Diff(c.want, c.have)).To(Equal(c.changes))
		})
	}
}

// FuzzDiff proves, for random values: nothing differs from itself; what Only leaves of want, laid over have, is all that differs.
func FuzzDiff(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := NewWithT(t)
		rnd := rand.New(rand.NewPCG(seed, 1))
		want, have := randomSample(rnd), randomSample(rnd)
		g.Expect(Diff(want, want)).To(BeEmpty())

		changes := Diff(want, have)
		patch := Only(want, changes)
		g.Expect(Diff(patch, want)).To(BeEmpty(), "a patch holds nothing that is not wanted")
		g.Expect(Diff(want, overlay(have, patch))).To(BeEmpty(), "a patch closes the difference")
		g.Expect(Only(want, nil)).To(Equal(sample{}))
		for _, c := range changes {
			g.Expect(Touches(changes, c.Field)).To(BeTrue())
		}
	})
}

// overlay is what a server does with a patch: the fields and keys that are set replace its own, sets are replaced whole.
func overlay(have, patch sample) sample {
	out := have
	out.Limits, out.Grants = map[string]string{}, map[string]string{}
	for _, m := range []struct{ to, base, over map[string]string }{{out.Limits, have.Limits, patch.Limits}, {out.Grants, have.Grants, patch.Grants}} {
		for k, v := range m.base {
			m.to[k] = v
		}
		for k, v := range m.over {
			m.to[k] = v
		}
	}
	set := func(to **string, v *string) {
		if v != nil {
			*to = v
		}
	}
	set(&out.Name, patch.Name)
	set(&out.Owner, patch.Owner)
	set(&out.Mark, patch.Mark)
	if patch.Site != nil {
		out.Site = patch.Site
	}
	if patch.Active != nil {
		out.Active = patch.Active
	}
	if patch.IPs != nil {
		out.IPs = patch.IPs
	}
	if patch.Records != nil {
		out.Records = patch.Records
	}
	out.Hosting, out.Inline = overlayNested(have.Hosting, patch.Hosting), overlayNested(have.Inline, patch.Inline)
	return out
}

func overlayNested(have, patch *nested) *nested {
	if patch == nil {
		return have
	}
	out := nested{}
	if have != nil {
		out = *have
	}
	if patch.Shell != nil {
		out.Shell = patch.Shell
	}
	if patch.Quota != nil {
		out.Quota = patch.Quota
	}
	return &out
}

func randomSample(r *rand.Rand) sample {
	maybe := func() bool { return r.IntN(3) > 0 }
	word := func() string { return fmt.Sprint("w", r.IntN(4)) }
	str := func() *string {
		if !maybe() {
			return nil
		}
		return new(word())
	}
	dict := func(values ...string) map[string]string {
		if !maybe() {
			return nil
		}
		m := map[string]string{}
		for range r.IntN(4) {
			m[word()] = values[r.IntN(len(values))]
		}
		return m
	}
	nest := func() *nested {
		if !maybe() {
			return nil
		}
		n := &nested{Shell: str()}
		if maybe() {
			n.Quota = new(int64(r.IntN(3)))
		}
		return n
	}
	s := sample{Name: str(), Owner: str(), Mark: str(), Limits: dict("1", "2"), Grants: dict("true", "false"), Hosting: nest(), Inline: nest()}
	if maybe() {
		s.Active = new(r.IntN(2) == 0)
	}
	if maybe() {
		s.Site = link(word(), word(), word())
	}
	if maybe() {
		s.IPs = []string{}
		for range r.IntN(4) {
			s.IPs = append(s.IPs, word())
		}
	}
	if maybe() {
		s.Records = []record{}
		for range r.IntN(4) {
			s.Records = append(s.Records, record{word(), "A"})
		}
	}
	if maybe() {
		s.Password = new(xmlapi.Secret(word()))
	}
	return s
}

// What cannot be read back is written where its digest has changed, each field by itself; no secret shows in a change.
func TestWriteOnlyChanges(t *testing.T) {
	g := NewWithT(t)
	type login struct {
		Password *xmlapi.Secret `plesk:"password,writeonly"`
		Role     *string        `plesk:"role,writeonly"`
		Unset    *string        `plesk:"unset,writeonly"`
		Name     *string        `plesk:"name"`
	}
	want := login{Password: new(xmlapi.Secret("hunter2")), Role: new("reader"), Name: new("a")}
	all := writeOnlyChanges(want, func(string) bool { return true })
	g.Expect(all).To(Equal([]Change{
		{Field: "password", From: "[redacted]", To: "[redacted]", WriteOnly: true}, {Field: "role", To: "reader", WriteOnly: true},
	}))
	g.Expect(fmt.Sprintf("%+v %#v", all, all)).NotTo(ContainSubstring("hunter2"))
	g.Expect(writeOnlyChanges(want, func(path string) bool { return path == "role" })).To(Equal(all[1:]), "a changed role does not send the password again")
	g.Expect(Only(want, all).Password.Reveal()).To(Equal("hunter2"))
	g.Expect(Only(want, all).Name).To(BeNil())
}

func TestPrivilegedFields(t *testing.T) {
	type settings struct {
		Shell *string `plesk:"shell,privileged"`
		Quota *string `plesk:"quota"`
	}
	type value struct {
		Name       *string           `plesk:"name"`
		Directives *string           `plesk:"webServer.additionalNginx,privileged"`
		Properties map[string]string `plesk:"extraProperties,privileged"`
		PHP        map[string]string `plesk:"php.settings,privileged=open_basedir|mail.force_extra_parameters"`
		Modules    []string          `plesk:"modules,privileged"`
		Hosting    *settings         `plesk:"hosting"`
	}
	for name, c := range map[string]struct {
		want   value
		fields []string
	}{
		"nothing":                     {value{}, nil},
		"what anybody may set":        {value{Name: new("a"), Hosting: &settings{Quota: new("1")}}, nil},
		"a field":                     {value{Directives: new("")}, []string{"webServer.additionalNginx"}},
		"a field within a struct":     {value{Hosting: &settings{Shell: new("/bin/bash")}}, []string{"hosting.shell"}},
		"every key of a map":          {value{Properties: map[string]string{"b": "1", "a": ""}}, []string{"extraProperties.a", "extraProperties.b"}},
		"an empty map":                {value{Properties: map[string]string{}}, nil},
		"only the named keys of one":  {value{PHP: map[string]string{"memory_limit": "1G", "open_basedir": "none"}}, []string{"php.settings.open_basedir"}},
		"a key that begins like one":  {value{PHP: map[string]string{"open_basedir_x": "none", "mail": "1"}}, nil},
		"members of a set":            {value{Modules: []string{"x"}}, []string{"modules"}},
		"an empty set, which is none": {value{Modules: []string{}}, nil},
		"several": {value{Directives: new("x"), Hosting: &settings{Shell: new("x")}, PHP: map[string]string{"mail.force_extra_parameters": "x"}},
			[]string{"webServer.additionalNginx", "php.settings.mail.force_extra_parameters", "hosting.shell"}},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(privilegedFields(c.want)).To(Equal(c.fields))
		})
	}
}

// A tag that would have no effect loses a guard; it must not go unnoticed.
func TestTagsThatSayNothing(t *testing.T) {
	type unknown struct {
		Name *string `plesk:"name,privilege"`
	}
	type onStruct struct {
		Hosting *nested `plesk:"hosting,privileged"`
	}
	g := NewWithT(t)
	g.Expect(func() { Diff(unknown{Name: new("a")}, unknown{}) }).To(PanicWith(ContainSubstring(`unknown option "privilege"`)))
	g.Expect(func() { privilegedFields(onStruct{Hosting: &nested{}}) }).To(PanicWith(ContainSubstring("Hosting")))
	g.Expect(func() { Diff(onStruct{Hosting: &nested{}}, onStruct{}) }).To(PanicWith(ContainSubstring("Hosting")))
}
