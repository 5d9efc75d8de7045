// What the tests of the simulator share: a server with fixed ids and time, and a client that sends hand-written documents.

package plesksim

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testTime = "2025-03-02T10:00:00Z"

// newServer makes a server that is not started. Every answer that the response grammar does not allow fails the test.
func newServer(t testing.TB, change ...func(*Options)) *Server {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testTime)
	if err != nil {
		t.Fatal(err)
	}
	opts := Options{
		Clock: func() time.Time { return now },
		Rand:  rand.NewChaCha8([32]byte{}),
		OnInvalidAnswer: func(err error, request, answer []byte) {
			t.Errorf("invalid answer: %v\nrequest: %s\nanswer: %s", err, request, answer)
		},
	}
	for _, f := range change {
		f(&opts)
	}
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// client sends documents to a started server.
type client struct {
	t       testing.TB
	url     string
	http    *http.Client
	headers map[string]string
}

// start starts the server until the end of the test and returns its administrator's client.
func start(t testing.TB, s *Server) *client {
	t.Helper()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CA())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
	})
	c := &client{t: t, url: s.URL() + xmlapi.AgentPath, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return c.as(DefaultLogin, DefaultPassword)
}

// as returns a client of another account.
func (c *client) as(login, password string) *client {
	return c.with(map[string]string{"HTTP_AUTH_LOGIN": login, "HTTP_AUTH_PASSWD": password, "Content-Type": "text/xml"})
}

// with returns a client with other headers.
func (c *client) with(headers map[string]string) *client {
	other := *c
	other.headers = headers
	return &other
}

// do sends a document and returns status and body, or the error of the exchange.
func (c *client) do(document string) (int, string, error) {
	req, err := http.NewRequest(http.MethodPost, c.url, strings.NewReader(document))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, value := range c.headers {
		req.Header[name] = []string{value} // as spelled
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

// post sends a document that must be answered by a packet.
func (c *client) post(document string) string {
	c.t.Helper()
	status, body, err := c.do(document)
	if err != nil || status != http.StatusOK {
		c.t.Fatalf("status %d, error %v, body %s", status, err, body)
	}
	return body
}

// ask sends operators and compares what is inside the packet of the answer: blanks between elements do not count, and § stands
// for any text.
func (c *client) ask(operators, want string) {
	c.t.Helper()
	expect(c.t, c.post("<packet>"+operators+"</packet>"), want)
}

// behind is ask without HTTP.
func behind(t testing.TB, s *Server, operators, want string) {
	t.Helper()
	expect(t, string(s.Packet([]byte("<packet>"+operators+"</packet>"))), want)
}

var (
	betweenElements = regexp.MustCompile(`>\s+<`)
	packetOfAnswer  = regexp.MustCompile(`(?s)^<\?xml version="1.0" encoding="UTF-8"\?>\n<packet version="[0-9.]+">(.*)</packet>\n$`)
)

func expect(t testing.TB, answer, want string) {
	t.Helper()
	inner := packetOfAnswer.FindStringSubmatch(answer)
	if inner == nil {
		t.Fatalf("no packet: %s", answer)
	}
	got := squeeze(inner[1])
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(squeeze(want)), "§", "[^<]*") + "$"
	if !regexp.MustCompile(pattern).MatchString(got) {
		t.Errorf("answer\n%s\nwant\n%s", got, squeeze(want))
	}
}

func squeeze(document string) string {
	return betweenElements.ReplaceAllString(strings.TrimSpace(document), "><")
}

// refused is the answer to a packet that was refused as a whole.
func refused(code string) string {
	return "<system><status>error</status><errcode>" + code + "</errcode><errtext>§</errtext></system>"
}

// failed is an operation's result with an error code.
func failed(code string) string {
	return "<status>error</status><errcode>" + code + "</errcode><errtext>§</errtext>"
}

const okOnly = "<result><status>ok</status></result>"

// addCustomer makes a customer of the administrator behind the client's back.
func addCustomer(t testing.TB, s *Server, login string) {
	t.Helper()
	behind(t, s, `<customer><add><gen_info><pname>Name of `+login+`</pname><login>`+login+`</login><passwd>pass-42x</passwd></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>§</id><guid>§</guid></result></add></customer>`)
}

// addReseller makes a reseller who may use the API.
func addReseller(t testing.TB, s *Server, login string) {
	t.Helper()
	addCustomer(t, s, login)
	behind(t, s, `<customer><convert-to-reseller><filter><login>`+login+`</login></filter></convert-to-reseller></customer>`,
		`<customer><convert-to-reseller><result><status>ok</status><filter-id>`+login+`</filter-id><id>§</id></result></convert-to-reseller></customer>`)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.accountsByLogin.First(login).Permissions["remote_access_interface"] = true
}

// addWebspace makes a subscription without hosting for an account, on the server's shared addresses, and returns its id.
func addWebspace(t testing.TB, s *Server, owner, name string) int64 {
	t.Helper()
	answer := s.Packet([]byte(`<packet><webspace><add><gen_setup><name>` + name + `</name><owner-login>` + owner + `</owner-login>` +
		`<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address></gen_setup></add></webspace></packet>`))
	id := regexp.MustCompile(`<add><result><status>ok</status><id>(\d+)</id>`).FindSubmatch(answer)
	if id == nil {
		t.Fatalf("%s", answer)
	}
	return idValue(string(id[1]))
}

func contains(t testing.TB, body []byte, part string) {
	t.Helper()
	if !bytes.Contains(body, []byte(part)) {
		t.Errorf("%s\ndoes not contain %s", body, part)
	}
}
