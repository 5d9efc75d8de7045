// The transport against real TLS servers: what travels, and what each failure means.

package xmlapi_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

const (
	readAnswer  = `<packet><ip><get><result><status>ok</status><addresses><ip_info><ip_address>192.0.2.1</ip_address></ip_info></addresses></result></get></ip></packet>`
	writeAnswer = `<packet><customer><del><result><status>ok</status><id>4</id></result></del></customer></packet>`
	gatewayPage = "<html><body><h1>502 Bad Gateway</h1></body></html>"
)

func read(c *xmlapi.Client) error {
	_, err := ip.Get.One(context.Background(), c, xmlapi.EmptyRequest{})
	return err
}

func write(c *xmlapi.Client) error {
	_, err := customer.Del.One(context.Background(), c, xmlapi.FilterRequest{Filter: customer.ByID(4)})
	return err
}

// respond answers reads and writes alike.
func respond(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if strings.Contains(string(body), "<del>") {
		_, _ = io.WriteString(w, writeAnswer)
		return
	}
	_, _ = io.WriteString(w, readAnswer)
}

func TestWhatTravels(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*xmlapi.Config)
		headers []string
		absent  []string
		body    string
	}{
		"login and password": {
			func(c *xmlapi.Config) { c.Version = "1.6.9.1"; c.Password = "pä ss" },
			[]string{"HTTP_AUTH_LOGIN: admin", "HTTP_AUTH_PASSWD: pä ss"}, []string{"KEY"},
			declaration + `<packet version="1.6.9.1"><ip><get></get></ip></packet>`,
		},
		"the secret key wins": {
			func(c *xmlapi.Config) { c.SecretKey, c.UserAgent = "58ad9b64-4f2e", "plesk-operator/v1 (pod)" },
			[]string{"KEY: 58ad9b64-4f2e", "User-Agent: plesk-operator/v1 (pod)"}, []string{"HTTP_AUTH_LOGIN", "HTTP_AUTH_PASSWD"},
			declaration + `<packet><ip><get></get></ip></packet>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var request atomic.Value
			s := rawServer(t, func(conn net.Conn, raw []byte) {
				request.Store(string(raw))
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(readAnswer), readAnswer)
			})
			if err := read(connect(t, s, test.change)); err != nil {
				t.Fatal(err)
			}
			head, body, _ := strings.Cut(request.Load().(string), "\r\n\r\n")
			lines := map[string]bool{}
			for line := range strings.SplitSeq(head, "\r\n") {
				lines[line] = true
			}
			want := append(slices.Clone(test.headers), "POST /enterprise/control/agent.php HTTP/1.1", "Content-Type: text/xml; charset=UTF-8",
				fmt.Sprintf("Content-Length: %d", len(test.body)))
			for _, line := range want {
				if !lines[line] {
					t.Errorf("no %q in\n%s", line, head)
				}
			}
			for _, name := range test.absent {
				if strings.Contains(strings.ToUpper(head), "\n"+name+":") {
					t.Errorf("%s in\n%s", name, head)
				}
			}
			if body != test.body {
				t.Errorf("have %s\nwant %s", body, test.body)
			}
		})
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	var requests atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { requests.Add(1); respond(w, r) })
	for name, change := range map[string]func(*xmlapi.Config){
		"nobody's":       func(c *xmlapi.Config) { c.RootCAs = x509.NewCertPool() },
		"the system's":   func(c *xmlapi.Config) { c.RootCAs = nil },
		"another host's": func(c *xmlapi.Config) { c.URL = strings.Replace(c.URL, "127.0.0.1", "localhost", 1) },
	} {
		c := connect(t, s, change)
		for _, err := range []error{read(c), write(c)} {
			if xmlapi.ClassOf(err) != xmlapi.Untrusted {
				t.Errorf("%s: have %v", name, err)
			}
		}
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests reached the server", n)
	}
	insecure := func(c *xmlapi.Config) { c.RootCAs = nil; c.InsecureSkipVerify = true }
	if err := read(connect(t, s, insecure)); err != nil {
		t.Errorf("insecure: %v", err)
	}
}

func TestRedirectsAreRefused(t *testing.T) {
	var followed atomic.Int32
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { followed.Add(1); respond(w, r) })
	for _, code := range []int{301, 302, 303, 307, 308} {
		c := connect(t, serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+r.URL.Path, code) }),
			func(c *xmlapi.Config) { c.RootCAs.AddCert(other.Certificate()) })
		err := read(c)
		if want := fmt.Sprintf("ip/get: HTTP status %d (a redirect, which is not followed: the URL has to be the panel's own): unreadable answer: no packet element: EOF", code); err == nil || err.Error() != want {
			t.Errorf("have %v", err)
		}
		if err := write(c); xmlapi.ClassOf(err) != xmlapi.Ambiguous {
			t.Errorf("%d: %v", code, err)
		}
	}
	if n := followed.Load(); n != 0 {
		t.Errorf("%d were followed", n)
	}
}

func TestReadsAndWritesHaveTheirOwnTimeouts(t *testing.T) {
	const short = 20 * time.Millisecond
	// Nothing leaves before the host has been looked up, which takes for ever the first time.
	unresolved := func(change func(*xmlapi.Config)) *xmlapi.Client {
		var asked atomic.Bool
		s := serve(t, respond)
		return connect(t, s, change, func(c *xmlapi.Config) {
			c.URL = strings.Replace(s.URL, "127.0.0.1", "example.com", 1)
			c.Resolve = func(ctx context.Context, _ string) ([]netip.Addr, error) {
				if asked.CompareAndSwap(false, true) {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			}
		})
	}
	c := unresolved(func(c *xmlapi.Config) { c.ReadTimeout = short })
	if err := read(c); xmlapi.ClassOf(err) != xmlapi.Transient || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read: %v", err)
	}
	if err := write(c); err != nil {
		t.Errorf("write: %v", err)
	}
	c = unresolved(func(c *xmlapi.Config) { c.WriteTimeout = short })
	both := c.Do(context.Background(), ip.Get.Call(xmlapi.EmptyRequest{}), customer.Del.Call(xmlapi.FilterRequest{Filter: customer.ByID(1)}))
	if xmlapi.ClassOf(both) != xmlapi.Transient || both.Error() != "packet: no answer within 20ms: context deadline exceeded" {
		t.Errorf("a packet that writes, before it was sent: %v", both)
	}
	if err := read(c); err != nil {
		t.Errorf("read: %v", err)
	}
}

func TestAWriteThatIsGivenUpIsAmbiguous(t *testing.T) {
	received := make(chan struct{}, 1)
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server notices that the client left only after the body
		received <- struct{}{}
		<-r.Context().Done()
	})
	for _, test := range []struct {
		call xmlapi.Caller
		want xmlapi.Class
	}{
		{customer.Del.Call(xmlapi.FilterRequest{Filter: customer.ByID(4)}), xmlapi.Ambiguous},
		{ip.Get.Call(xmlapi.EmptyRequest{}), xmlapi.Transient},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		go func() { <-received; cancel() }()
		err := connect(t, s).Do(ctx, test.call)
		if xmlapi.ClassOf(err) != test.want || !errors.Is(err, context.Canceled) {
			t.Errorf("want %s: %v", test.want, err)
		}
		cancel()
	}
}

func TestTheBeginningOfAnAnswerAndItsRestHaveTheirOwnTimeouts(t *testing.T) {
	const short = 50 * time.Millisecond
	answers := func(pieces ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for _, piece := range pieces {
				_, _ = io.WriteString(w, piece)
				w.(http.Flusher).Flush()
			}
			<-r.Context().Done()
		}
	}
	begins := func(c *xmlapi.Config) { c.ReadTimeout, c.WriteTimeout = short, short }
	ends := func(c *xmlapi.Config) { c.AnswerTimeout = short }
	const none, partly = "no answer within 50ms", "the answer was not complete within 50ms"
	for name, test := range map[string]struct {
		server http.HandlerFunc
		change func(*xmlapi.Config) // the other times stay as long as they are by default
		want   string
	}{
		"mute":           {answers(), begins, none},
		"the head only":  {answers(""), begins, none},
		"a part":         {answers("<packet><ip>"), ends, partly},
		"all but an end": {answers(strings.TrimSuffix(readAnswer, ">")), ends, partly},
		"drop by drop": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for pace := time.Tick(time.Millisecond); r.Context().Err() == nil; <-pace {
				_, _ = io.WriteString(w, " ")
				w.(http.Flusher).Flush()
			}
		}, ends, partly},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, serve(t, test.server), test.change)
			err := read(c)
			if xmlapi.ClassOf(err) != xmlapi.Transient || !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "ip/get: "+test.want) {
				t.Errorf("reading: %v", err)
			}
			err = write(c)
			if xmlapi.ClassOf(err) != xmlapi.Ambiguous || !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "customer/del: "+test.want) {
				t.Errorf("writing: %v", err)
			}
		})
	}
}

func TestAnswersAreBounded(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "<packet><ip><get><result><status>ok</status><errtext>")
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	})
	err := read(connect(t, s, func(c *xmlapi.Config) { c.MaxAnswerBytes = 10_000 }))
	if err == nil || err.Error() != "ip/get: answer larger than 10000 bytes" || xmlapi.ClassOf(err) != xmlapi.Transient {
		t.Errorf("have %v", err)
	}
	exact := serve(t, respond)
	if err := read(connect(t, exact, func(c *xmlapi.Config) { c.MaxAnswerBytes = int64(len(readAnswer)) })); err != nil {
		t.Errorf("an answer of just that size: %v", err)
	}
}

func TestConnectionsAreReused(t *testing.T) {
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(respond))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	c := connect(t, s, func(c *xmlapi.Config) { c.MaxConns = 2 })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				if err := errors.Join(read(c), write(c)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := connections.Load(); n > 2 {
		t.Errorf("%d connections", n)
	}
}

func TestAFailedPacketFailsEveryCall(t *testing.T) {
	c := connect(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<packet><ip><get><result><status>ok</status></result></get></ip><customer>`)
	}))
	get, del := ip.Get.Call(xmlapi.EmptyRequest{}), customer.Del.Call(xmlapi.FilterRequest{Filter: customer.ByID(4)})
	err := c.Do(context.Background(), get, del)
	if xmlapi.ClassOf(err) != xmlapi.Ambiguous || !strings.HasPrefix(err.Error(), "packet: unreadable answer") {
		t.Errorf("have %v", err)
	}
	_, err = get.One()
	if xmlapi.ClassOf(err) != xmlapi.Ambiguous || !strings.HasPrefix(err.Error(), "ip/get: ") {
		t.Errorf("have %v", err)
	}
	if err := del.Err(); xmlapi.ClassOf(err) != xmlapi.Ambiguous || !strings.HasPrefix(err.Error(), "customer/del: ") {
		t.Errorf("have %v", err)
	}
}

func TestACallThatCannotBeSentStopsThePacket(t *testing.T) {
	var requests atomic.Int32
	c := connect(t, serve(t, func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	get, del := ip.Get.Call(xmlapi.EmptyRequest{}), customer.Del.Call(xmlapi.FilterRequest{})
	if err := c.Do(context.Background(), get, del); xmlapi.ClassOf(err) != xmlapi.Invalid {
		t.Errorf("have %v", err)
	}
	if err := del.Err(); xmlapi.ClassOf(err) != xmlapi.Invalid {
		t.Errorf("the culprit: %v", err)
	}
	if err := get.Err(); xmlapi.ClassOf(err) != xmlapi.Transient || !strings.Contains(err.Error(), "customer/del: an empty filter") {
		t.Errorf("its neighbour: %v", err)
	}
	if err := c.Do(context.Background()); err != nil {
		t.Errorf("no calls: %v", err)
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestNewRefuses(t *testing.T) {
	good := xmlapi.Config{URL: "https://web-01.example:8443", Username: "admin", Password: "pw"}
	if _, err := xmlapi.New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*xmlapi.Config){
		`url "": want https://HOST:PORT without user, query or fragment`:                                                func(c *xmlapi.Config) { c.URL = "" },
		`url "web-01.example": want https://HOST:PORT without user, query or fragment`:                                  func(c *xmlapi.Config) { c.URL = "web-01.example" },
		`url "ftp://web-01": want https://HOST:PORT without user, query or fragment`:                                    func(c *xmlapi.Config) { c.URL = "ftp://web-01" },
		`url "https://a:xxxxx@b": want https://HOST:PORT without user, query or fragment`:                               func(c *xmlapi.Config) { c.URL = "https://a:b@b" },
		`url "https://b?c": want https://HOST:PORT without user, query or fragment`:                                     func(c *xmlapi.Config) { c.URL = "https://b?c" },
		"credentials: neither a user name nor a secret key":                                                             func(c *xmlapi.Config) { c.Username = "" },
		"credentials: the password ends with a line end, as files do: store it without (printf writes none, echo does)": func(c *xmlapi.Config) { c.Password = "pw\n" },
		"credentials: the user name has a blank at an end, which would be lost on the way":                              func(c *xmlapi.Config) { c.Username = "admin " },
		"credentials: the secret key holds a control character":                                                         func(c *xmlapi.Config) { c.SecretKey = "\x00" },
	} {
		cfg := good
		change(&cfg)
		if _, err := xmlapi.New(cfg); err == nil || err.Error() != want {
			t.Errorf("have %v\nwant %s", err, want)
		}
	}
}

func TestTheAgentPathIsAddedOnce(t *testing.T) {
	var path atomic.Value
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { path.Store(r.URL.Path); respond(w, r) })
	for suffix, want := range map[string]string{
		"": xmlapi.AgentPath, "/": xmlapi.AgentPath, xmlapi.AgentPath: xmlapi.AgentPath, "/panel/": "/panel" + xmlapi.AgentPath,
	} {
		if err := read(connect(t, s, func(c *xmlapi.Config) { c.URL += suffix })); err != nil || path.Load() != want {
			t.Errorf("%q: have %v, %v", suffix, path.Load(), err)
		}
	}
}

// TestAWriteThatIsHeldBack: the check comes before anything leaves, and again when the connection is ready, before the first byte of the packet.
func TestAWriteThatIsHeldBack(t *testing.T) {
	var heads, bytesSeen, writes atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		heads.Add(1)
		body, err := io.ReadAll(r.Body)
		bytesSeen.Add(int64(len(body)))
		if err == nil && strings.Contains(string(body), "<del>") {
			writes.Add(1)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		respond(w, r)
	})
	lost := errors.New("the lease is lost")
	var asked, lostAfter atomic.Int32
	lostAfter.Store(math.MaxInt32)
	c := connect(t, s, func(c *xmlapi.Config) {
		c.BeforeWrite = func() error {
			if asked.Add(1) > lostAfter.Load() {
				return lost
			}
			return nil
		}
	})
	held := func(what string) {
		t.Helper()
		err := write(c)
		_, unsent := errors.AsType[*xmlapi.NotSentError](err)
		if !unsent || !errors.Is(err, lost) || xmlapi.ClassOf(err) != xmlapi.Transient || err.Error() != "customer/del: nothing was sent: the lease is lost" {
			t.Errorf("%s: have %v", what, err)
		}
	}
	if err := errors.Join(read(c), write(c)); err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 2 || writes.Load() != 1 {
		t.Errorf("asked %d times for %d writes", asked.Load(), writes.Load())
	}
	sent, head := bytesSeen.Load(), heads.Load()
	lostAfter.Store(asked.Load())
	for range 3 {
		held("lost before")
	}
	if n := heads.Load() - head; n != 0 {
		t.Errorf("the heads of %d packets left", n)
	}
	lostAfter.Store(asked.Load() + 1)
	held("lost meanwhile")
	lostAfter.Store(math.MaxInt32)
	if n := bytesSeen.Load() - sent; n != 0 || writes.Load() != 1 {
		t.Errorf("%d bytes left, %d writes", n, writes.Load())
	}
	if err := errors.Join(read(c), write(c)); err != nil {
		t.Error(err)
	}
	if writes.Load() != 2 {
		t.Errorf("%d writes", writes.Load())
	}
}
