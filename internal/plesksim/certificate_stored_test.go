// What is stored, as a test sees it.

package plesksim

import "testing"

// A test looks at what a repository holds, which no operation tells; the key stays where it is.
func TestStoredCertificate(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	request, key := pair(t, c, "1024")
	c.ask(`<certificate><install><name>one</name><webspace>alder.test</webspace><content><csr>`+request+`</csr><pvt>`+key+`</pvt></content></install></certificate>`,
		`<certificate><install>`+okOnly+`</install></certificate>`)
	for _, site := range []string{"alder.test", "ALDER.test"} {
		if got := s.Certificate(site, "one"); got == nil || got.Request == "" || got.Certificate != "" || got.Chain != "" {
			t.Errorf("%s: %+v", site, got)
		}
	}
	if got := s.Certificate("", defaultCertificate); got == nil {
		t.Error("the server's own is not there")
	}
	for _, where := range [][2]string{{"alder.test", "two"}, {"", "one"}, {"birch.test", "one"}, {"a b", "one"}} {
		if got := s.Certificate(where[0], where[1]); got != nil {
			t.Errorf("%v: %+v", where, got)
		}
	}
}
