// Requests in the forms in which clients and their libraries send them.

package plesksim

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"
)

// Clients write in other encodings than UTF-8 and say so. Answers are UTF-8.
func TestEncodings(t *testing.T) {
	c := start(t, newServer(t))
	packet := func(name string) string {
		return `<packet><customer><get><filter><login>` + name + `</login></filter><dataset/></get></customer></packet>`
	}
	wide := func(order binary.AppendByteOrder, mark, document string) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune(mark + document)) {
			out = order.AppendUint16(out, unit)
		}
		return string(out)
	}
	for name, document := range map[string]string{
		"Latin 1":              `<?xml version="1.0" encoding="ISO-8859-1"?>` + packet("J\xfcrgen"),
		"Windows":              `<?xml version='1.0' encoding='windows-1252' standalone='yes' ?>` + packet("J\xfcrgen"),
		"Cyrillic":             `<?xml version="1.0" encoding="koi8-r"?>` + packet("\xe0"),
		"UTF-16, little":       wide(binary.LittleEndian, "\ufeff", `<?xml version="1.0" encoding="utf-16"?>`+packet("Jürgen")),
		"UTF-16, big":          wide(binary.BigEndian, "\ufeff", packet("Jürgen")),
		"UTF-16 without mark":  wide(binary.LittleEndian, "", `<?xml version="1.0" encoding="UTF-16LE"?>`+packet("Jürgen")),
		"ASCII":                `<?xml version="1.0" encoding="US-ASCII"?>` + packet("J&#252;rgen"),
		"UTF-8":                `<?xml version="1.0" encoding="utf-8"?>` + packet("Jürgen"),
		"UTF-8 with mark":      "\ufeff" + `<?xml version="1.0" encoding="UTF-8"?>` + packet("Jürgen"),
		"XML 1.1":              `<?xml version="1.1"?>` + packet("Jürgen"),
		"declaration indented": "\n\t" + `<?xml version="1.0"?>` + "\n" + packet("Jürgen"),
	} {
		t.Run(name, func(t *testing.T) {
			login := "Jürgen"
			if name == "Cyrillic" {
				login = "Ю"
			}
			expect(t, c.post(document), `<customer><get>`+gone("1013", login)+`</get></customer>`)
		})
	}
	for name, document := range map[string]string{
		"says UTF-16 and is not": `<?xml version="1.0" encoding="utf-16"?>` + packet("a"),
		"says ASCII and is not":  `<?xml version="1.0" encoding="us-ascii"?>` + packet("Jürgen"),
		"says UTF-8 and is not":  `<?xml version="1.0" encoding="utf-8"?>` + packet("J\xfcrgen"),
		"says nothing":           packet("J\xfcrgen"),
		"nobody's encoding":      `<?xml version="1.0" encoding="klingon"?>` + packet("a"),
		"XML 2":                  `<?xml version="2.0"?>` + packet("a"),
		"half of UTF-16":         wide(binary.LittleEndian, "\ufeff", packet("a"))[1:],
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.post(document), refused("1014")) })
	}
	contains(t, []byte(c.post("<?xml version=\"1.0\"\n encoding=\"latin1\"?>\n<packet>\n<customer>\n<stat/></customer></packet>")), "Error in line 5: Element 'stat'")
}

// What clients and their libraries do to a request on its way.
func TestRequestsAsLibrariesSendThem(t *testing.T) {
	c := start(t, newServer(t))
	const packet = `<packet><customer><get><filter/><dataset/></get></customer></packet>`
	for _, test := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"no content type", func(r *http.Request) { r.Header.Del("Content-Type") }, 200},
		{"form", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 200},
		{"charset", func(r *http.Request) { r.Header.Set("Content-Type", `text/xml; charset="UTF-8"`) }, 200},
		{"expects to be told to continue", func(r *http.Request) { r.Header.Set("Expect", "100-continue") }, 200},
		{"in chunks", func(r *http.Request) { r.ContentLength, r.Body = -1, io.NopCloser(strings.NewReader(packet)) }, 200},
		{"query", func(r *http.Request) { r.URL.RawQuery = "a=1" }, 200},
		{"double slash", func(r *http.Request) { r.URL.Path = "/" + r.URL.Path }, 200},
		{"another path", func(r *http.Request) { r.URL.Path = "/enterprise/rsession_init.php" }, 404},
		{"path goes on", func(r *http.Request) { r.URL.Path += "/" }, 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, c.url, strings.NewReader(packet))
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range c.headers {
				r.Header[name] = []string{value}
			}
			test.change(r)
			res, err := c.http.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != test.status || (test.status == 200) != bytes.Contains(body, []byte("<status>ok</status>")) {
				t.Errorf("%s, %v: %s", res.Status, err, body)
			}
		})
	}
}

// A client that speaks no newer protocol than HTTP/1.0 says so while the connection is made.
func TestOldestHTTP(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	config := c.http.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{"http/1.0"}
	conn, err := tls.Dial("tcp", strings.TrimPrefix(s.URL(), "https://"), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /enterprise/control/agent.php HTTP/1.0\r\nhttp_auth_login: admin\r\nhttp_auth_passwd: "+DefaultPassword+
		"\r\nContent-Length: 52\r\n\r\n<packet> <server><get_protos/></server>    </packet>"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, answer, "<server><get_protos><result><status>ok</status>")
}

// Blanks are those of XML: others are characters like all. Those at the edges of a password go away.
func TestBlanksInValues(t *testing.T) {
	c := start(t, newServer(t))
	const company = "Gr\u00fcn\u00a0&amp;\u2003S\u00f6hne"
	c.ask(`<customer><add><gen_info><cname> `+company+"\t AB\n"+`</cname><pname>Ada</pname><login>alder</login><passwd> 4711-x </passwd></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>2</id><guid>§</guid></result></add></customer>`)
	c.has(`<customer><get><filter/><dataset><gen_info/></dataset></get></customer>`, `<cname>`+company+` AB</cname>`)
	c.as("alder", "4711-x").ask(`<webspace><get><filter/><dataset/></get></webspace>`, `<webspace><get>`+okOnly+`</get></webspace>`)
}

// Real servers take packets over plain HTTP too, on another port. It is the same server, and stops, restarts and fails with it.
func TestPlainHTTP(t *testing.T) {
	s := newServer(t, func(o *Options) { o.PlainAddress = "127.0.0.1:0" })
	c := start(t, s)
	addCustomer(t, s, "alder")
	plain := c.as(DefaultLogin, DefaultPassword)
	plain.url = s.PlainURL() + "/enterprise/control/agent.php"
	const ask = `<packet><customer><get><filter><login>alder</login></filter><dataset/></get></customer></packet>`
	const answer = `<customer><get><result><status>ok</status><filter-id>alder</filter-id><id>2</id><data/></result></get></customer>`
	if !strings.HasPrefix(plain.url, "http://127.0.0.1:") {
		t.Fatal(plain.url)
	}
	expect(t, plain.post(ask), answer)
	s.Inject(Fault{Drop: true, Times: 1})
	if _, body, err := plain.do(ask); err == nil {
		t.Errorf("answered %s", body)
	}
	if err := s.Restart(0); err != nil {
		t.Fatal(err)
	}
	expect(t, plain.post(ask), answer)
	expect(t, c.post(ask), answer)
	s.Stop()
	if _, body, err := plain.do(ask); err == nil {
		t.Errorf("a stopped server answered %s", body)
	}
	if none := newServer(t).PlainURL(); none != "" {
		t.Error(none)
	}
}
