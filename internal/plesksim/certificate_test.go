// Certificates: made, kept in repositories, used and removed.

package plesksim

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"html"
	"regexp"
	"strings"
	"testing"
)

// pair asks the server for a key and a signing request, and returns both as they stand in an answer.
func pair(t *testing.T, c *client, bits string) (request, key string) {
	t.Helper()
	answer := c.post(`<packet><certificate><generate><info><bits>` + bits + `</bits><country>CH</country><state>Zug</state><location>Baar</location>
		<company>Acme &amp; Co</company><dept>Ops</dept><email>tls@acme.test</email><name>www.acme.test</name></info></generate></certificate></packet>`)
	m := regexp.MustCompile(`<result><status>ok</status><csr>([^<]+)</csr><pvt>([^<]+)</pvt></result>`).FindStringSubmatch(answer)
	if m == nil {
		t.Fatalf("%s", answer)
	}
	return m[1], m[2]
}

func parsePair(t *testing.T, request, key string) (*x509.CertificateRequest, *rsa.PrivateKey) {
	t.Helper()
	block, _ := pem.Decode([]byte(html.UnescapeString(request)))
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || block.Type != "CERTIFICATE REQUEST" || csr.CheckSignature() != nil {
		t.Fatalf("%v: %s", err, request)
	}
	block, _ = pem.Decode([]byte(html.UnescapeString(key)))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil || block.Type != "PRIVATE KEY" {
		t.Fatalf("%v: %s", err, key)
	}
	return csr, parsed.(*rsa.PrivateKey)
}

// A real key and request, of the asked size and subject; nothing is kept (operators-services §7).
func TestCertificateGenerate(t *testing.T) {
	c := start(t, newServer(t))
	for bits, want := range map[string]int{"1024": 1024, "2048": 2048} {
		request, made := pair(t, c, bits)
		csr, key := parsePair(t, request, made)
		if key.N.BitLen() != want || !key.PublicKey.Equal(csr.PublicKey) {
			t.Errorf("%d bits", key.N.BitLen())
		}
		s := csr.Subject
		if s.CommonName != "www.acme.test" || s.Organization[0] != "Acme & Co" || s.OrganizationalUnit[0] != "Ops" || s.Country[0] != "CH" || s.Province[0] != "Zug" ||
			s.Locality[0] != "Baar" || !strings.Contains(s.String(), "1.2.840.113549.1.9.1=") {
			t.Errorf("subject %s", s)
		}
	}
	info := func(bits, country, email, name string) string {
		return `<generate><info><bits>` + bits + `</bits><country>` + country + `</country><state/><location>Baar</location><company>Acme</company><email>` +
			email + `</email><name>` + name + `</name></info></generate>`
	}
	bad := `<generate><result>` + failed("1019") + `</result></generate>`
	c.ask(`<certificate>`+info("4096", "CH", "a@b.test", "x")+info("2048", "ch", "a@b.test", "x")+info("2048", "CH", "nobody", "x")+info("2048", "CH", "a@b.test", "")+`</certificate>`,
		`<certificate>`+bad+bad+bad+bad+`</certificate>`)
	request, key := pair(t, c, "1024")
	own := strings.Replace(info("1024", "CH", "a@b.test", "x.test"), `</info>`, `</info><PVT>`+key+`</PVT>`, 1)
	answer := c.post(`<packet><certificate>` + own + `</certificate></packet>`)
	m := regexp.MustCompile(`<result><status>ok</status><csr>([^<]+)</csr></result>`).FindStringSubmatch(answer)
	if m == nil {
		t.Fatalf("%s", answer)
	}
	csr, made := parsePair(t, m[1], key)
	if !made.PublicKey.Equal(csr.PublicKey) || m[1] == request {
		t.Error("the request is not for the given key")
	}
	c.ask(`<certificate><get-pool><admin/></get-pool></certificate>`, `<certificate><get-pool><result><status>ok</status>
		<certificates><certificate><name>default certificate</name></certificate></certificates></result></get-pool></certificate>`)
}

// Repositories of the server, a subscription and a site: names are unique in each, and only names are read back.
func TestCertificateRepositories(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	id := idKey(addWebspace(t, s, "alder", "alder.test"))
	addCustomer(t, s, "birch")
	addWebspace(t, s, "birch", "birch.test")
	c := start(t, s)
	request, key := pair(t, c, "1024")
	otherRequest, _ := pair(t, c, "1024")
	content := `<content><csr>` + request + `</csr><pvt>` + key + `</pvt></content>`
	install := func(name, scope string) string {
		return `<install><name>` + name + `</name>` + scope + content + `</install>`
	}
	ok, no := `<install>`+okOnly+`</install>`, func(code string) string { return `<install><result>` + failed(code) + `</result></install>` }
	c.ask(`<certificate>`+install("one", `<webspace>alder.test</webspace>`)+install("one", `<site>ALDER.test</site>`)+install("one", `<admin/>`)+
		install("", `<admin/>`)+install("one", `<webspace>nowhere.test</webspace>`)+
		`<install><name>two</name><admin/><content><csr/><pvt>`+key+`</pvt></content></install>
		<install><name>three</name><admin/><content><csr/><pvt>no key</pvt></content></install>
		<install><name>three</name><admin/><content><csr>`+otherRequest+`</csr><pvt>`+key+`</pvt></content></install>
		<install><name>three</name><admin/><content><csr/><pvt>`+key+`</pvt><cert>`+string(s.CA())+`</cert></content></install>
		<install><name>three</name><admin/>`+content+`<ip_address>203.0.113.200</ip_address></install>
		<install><name>three</name><admin/>`+content+`<ip_address>198.51.100.7</ip_address></install>
		</certificate>`,
		`<certificate>`+ok+no("1007")+ok+no("1019")+no("1015")+ok+no("8002")+no("1019")+no("1019")+no("1018")+ok+`</certificate>`)
	names := func(list ...string) string {
		out := `<certificates>`
		for _, n := range list {
			out += `<certificate><name>` + n + `</name></certificate>`
		}
		return out + `</certificates>`
	}
	c.ask(`<certificate><get-pool><admin/></get-pool><get-pool><filter><domain-name>alder.test</domain-name><domain-name>gone.test</domain-name></filter></get-pool>
		<get-pool><filter><domain-id>`+id+`</domain-id></filter></get-pool></certificate>`,
		`<certificate><get-pool><result><status>ok</status>`+names("default certificate", "one", "two", "three")+`</result></get-pool>
		<get-pool><result><status>ok</status><filter-id>alder.test</filter-id><id>`+id+`</id>`+names("one")+`</result>
			<result>`+failed("1013")+`<filter-id>gone.test</filter-id></result></get-pool>
		<get-pool><result><status>ok</status><filter-id>`+id+`</filter-id><id>`+id+`</id>`+names("one")+`</result></get-pool></certificate>`)
	c.ask(`<certificate><update><name>one</name><webspace>alder.test</webspace>`+content+`</update><update><name>four</name><admin/>`+content+`</update>
		<remove><filter><name>two</name><name>four</name><name>three</name><name>default certificate</name></filter><admin/></remove></certificate>`,
		`<certificate><update>`+okOnly+`</update><update><result>`+failed("1013")+`</result></update>
		<remove>`+okOnly+`<result>`+failed("1013")+`<name>four</name></result><result>`+failed("1023")+`<name>three</name></result>
			<result>`+failed("1023")+`<name>default certificate</name></result></remove></certificate>`)

	customer := c.as("alder", "pass-42x")
	customer.ask(`<certificate>`+install("mine", `<site>alder.test</site>`)+install("mine", `<admin/>`)+install("mine", `<webspace>birch.test</webspace>`)+
		`<get-pool><admin/></get-pool><get-pool><filter><domain-name>birch.test</domain-name></filter></get-pool></certificate>`,
		`<certificate>`+ok+no("1006")+no("1015")+`<get-pool><result>`+failed("1006")+`</result></get-pool>
		<get-pool><result>`+failed("1013")+`<filter-id>birch.test</filter-id></result></get-pool></certificate>`)

	c.ask(`<webspace><del><filter><name>alder.test</name></filter></del></webspace>`,
		`<webspace><del><result><status>ok</status><filter-id>alder.test</filter-id><id>`+id+`</id></result></del></webspace>`)
	if n := s.state.Certificates.Len(); n != 3 {
		t.Errorf("%d certificates are left of the server's three", n)
	}
}

// What names a certificate finds it: hosting, addresses, webmail, the panel; a used one stays.
func TestCertificateUse(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	request, key := pair(t, c, "1024")
	c.ask(`<certificate><install><name>one</name><webspace>alder.test</webspace><content><csr>`+request+`</csr><pvt>`+key+`</pvt></content></install></certificate>`,
		`<certificate><install>`+okOnly+`</install></certificate>`)
	host := func(name string) string {
		return `<webspace><set><filter><name>alder.test</name></filter><values><hosting><vrt_hst><property><name>ftp_login</name><value>alder</value></property>
			<property><name>ftp_password</name><value>pass-42x</value></property><property><name>certificate_name</name><value>` + name +
			`</value></property></vrt_hst></hosting></values></set></webspace>`
	}
	c.ask(host("two"), `<webspace><set><result>`+failed("1013")+`<filter-id>alder.test</filter-id><id>1</id></result></set></webspace>`)
	c.ask(host("one"), `<webspace><set><result><status>ok</status><filter-id>alder.test</filter-id><id>1</id></result></set></webspace>`)
	remove := `<certificate><remove><filter><name>one</name></filter><webspace>alder.test</webspace></remove></certificate>`
	c.ask(remove, `<certificate><remove><result>`+failed("1023")+`<name>one</name></result></remove></certificate>`)
	c.ask(host(defaultCertificate), `<webspace><set><result><status>ok</status><filter-id>alder.test</filter-id><id>1</id></result></set></webspace>`)

	set := func(scope string) string {
		return `<server><set><certificates><panel><name>one</name>` + scope + `</panel></certificates></set><get><certificates/></get></server>`
	}
	panel := func(name, scope string) string {
		return `<get><result><status>ok</status><certificates><panel><name>` + name + `</name>` + scope + `</panel></certificates></result></get></server>`
	}
	c.ask(set(`<admin/>`), `<server><set><result>`+failed("1013")+`</result></set>`+panel(defaultCertificate, `<admin/>`))
	c.ask(set(`<webspace>alder.test</webspace>`), `<server><set>`+okOnly+`</set>`+panel("one", `<webspace>alder.test</webspace>`))
	c.ask(remove, `<certificate><remove><result>`+failed("1023")+`<name>one</name></result></remove></certificate>`)
	c.ask(`<webspace><del><filter><name>alder.test</name></filter></del></webspace><server><get><certificates/></get></server>`,
		`<webspace><del><result><status>ok</status><filter-id>alder.test</filter-id><id>1</id></result></del></webspace><server>`+panel(defaultCertificate, `<admin/>`))
}

// A name that no certificate has is not found, like any other object (operators-services, corrections of §7).
func TestUnknownCertificateOfASite(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.added(1, `<gen_setup><name>alder.test</name></gen_setup>`+virtual("alder"))
	c.ask(`<site><add><gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup><hosting><vrt_hst>`+prop("certificate_name", "none")+`</vrt_hst></hosting></add>
		<set><filter><name>alder.test</name></filter><values><hosting><vrt_hst>`+prop("certificate_name", "none")+`</vrt_hst></hosting></values></set></site>`,
		`<site><add><result>`+failed("1013")+`</result></add><set><result>`+failed("1013")+`<filter-id>alder.test</filter-id><id>1</id></result></set></site>`)
}

// Up to Plesk 12.5 a certificate could be taken away from the site that used it, but not from the server itself.
func TestUsedCertificatesGo(t *testing.T) {
	s := newServer(t, func(o *Options) { o.UsedCertificatesGo = true })
	c := start(t, s)
	request, key := pair(t, c, "1024")
	c.added(1, `<gen_setup><name>alder.test</name></gen_setup>`+virtual("alder"))
	install := `<certificate><install><name>one</name><webspace>alder.test</webspace><content><csr>` + request + `</csr><pvt>` + key + `</pvt></content></install></certificate>`
	c.ask(install, `<certificate><install>`+okOnly+`</install></certificate>`)
	c.changed(1, `<hosting><vrt_hst>`+prop("certificate_name", "one")+`</vrt_hst></hosting>`)
	remove := `<certificate><remove><filter><name>one</name></filter><webspace>alder.test</webspace></remove></certificate>`
	c.ask(remove, `<certificate><remove>`+okOnly+`</remove></certificate>`)
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><hosting/></dataset></get></webspace>`, prop("certificate_name", defaultCertificate))
	c.ask(install+`<server><set><certificates><panel><name>one</name><webspace>alder.test</webspace></panel></certificates></set></server>`+remove,
		`<certificate><install>`+okOnly+`</install></certificate><server><set>`+okOnly+`</set></server>
		<certificate><remove><result>`+failed("1023")+`<name>one</name></result></remove></certificate>`)
}
