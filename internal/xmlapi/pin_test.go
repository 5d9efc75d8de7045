// How a client finds its server among addresses, and keeps to it.

package xmlapi_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

// listenAt starts a server at an address of the loopback interface and a port that others share; "" takes a free one.
func listenAt(t *testing.T, host, port string, calls, connections *atomic.Int32) (used string) {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { calls.Add(1); respond(w, r) }))
	s.Listener.Close()
	s.Listener, s.Config.ErrorLog = l, quiet()
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	_, used, _ = net.SplitHostPort(l.Addr().String())
	return used
}

// named makes a client for https://example.com, which the certificate of these servers is for, at addresses.
func named(t *testing.T, port string, addresses func() []string) *xmlapi.Client {
	t.Helper()
	s := serve(t, respond) // for its certificate, which all servers of httptest share
	return connect(t, s, func(c *xmlapi.Config) {
		c.URL = "https://example.com:" + port
		c.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
			if host != "example.com" {
				t.Errorf("%q was looked up", host)
			}
			var out []netip.Addr
			for _, a := range addresses() {
				out = append(out, netip.MustParseAddr(a))
			}
			return out, nil
		}
	})
}

func TestTheFirstAddressThatWorksIsTaken(t *testing.T) {
	var calls, connections atomic.Int32
	port := listenAt(t, "127.0.0.3", "0", &calls, &connections)
	c := named(t, port, func() []string { return []string{"169.254.169.254", "127.0.0.2", "127.0.0.3"} })
	for range 3 {
		if err := errors.Join(read(c), write(c)); err != nil {
			t.Fatal(err)
		}
	}
	if calls.Load() != 6 || connections.Load() != 1 {
		t.Errorf("%d calls over %d connections", calls.Load(), connections.Load())
	}
	for want, addresses := range map[string][]string{
		"ip/get: dial example.com:" + port + ": connect: connection refused": {"127.0.0.2"},
		"ip/get: lookup example.com: no such host":                           {},
	} {
		if err := read(named(t, port, func() []string { return addresses })); err == nil || err.Error() != want {
			t.Errorf("have %v, want %s", err, want)
		}
	}
}

// TestAddressesInTurn: a name server that lists its addresses in another order each time does not cause a new connection each time.
func TestAddressesInTurn(t *testing.T) {
	var first, second, firstConns, secondConns atomic.Int32
	port := listenAt(t, "127.0.0.2", "0", &first, &firstConns)
	listenAt(t, "127.0.0.3", port, &second, &secondConns)
	var turn atomic.Int32
	c := named(t, port, func() []string {
		if turn.Add(1)%2 == 0 {
			return []string{"127.0.0.3", "127.0.0.2"}
		}
		return []string{"127.0.0.2", "127.0.0.3"}
	})
	for range 10 {
		if err := read(c); err != nil {
			t.Fatal(err)
		}
	}
	if first.Load() != 10 || firstConns.Load() != 1 || second.Load() != 0 {
		t.Errorf("%d calls over %d connections, and %d elsewhere", first.Load(), firstConns.Load(), second.Load())
	}
}

func TestPinsInParallelKeepTheirServers(t *testing.T) {
	var first, second, firstConns, secondConns atomic.Int32
	port := listenAt(t, "127.0.0.2", "0", &first, &firstConns)
	listenAt(t, "127.0.0.3", port, &second, &secondConns)
	var address atomic.Value
	address.Store("127.0.0.2")
	c := named(t, port, func() []string { return []string{address.Load().(string)} })
	old := c.Pin()
	get := func(p *xmlapi.Pin) error { return p.Do(context.Background(), ip.Get.Call(xmlapi.EmptyRequest{})) }
	if err := get(old); err != nil {
		t.Fatal(err)
	}
	address.Store("127.0.0.3")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			p := c.Pin()
			for range 5 {
				if err := get(p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 5 {
		if err := get(old); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if first.Load() != 6 || second.Load() != 40 {
		t.Errorf("%d at the old address, %d at the new one", first.Load(), second.Load())
	}
}

// TestARenewedCertificate: a pin that has met the old one stops, a later one does not notice.
func TestARenewedCertificate(t *testing.T) {
	var served atomic.Int32
	old, renewed := expiredCertificate(t), expiredCertificate(t) // no authority vouches for them, so nothing is verified here
	var now atomic.Pointer[tls.Certificate]
	now.Store(&old)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		w.Header().Set("Connection", "close") // each packet meets the certificate of its time
		respond(w, r)
	}))
	s.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return &tls.Config{Certificates: []tls.Certificate{*now.Load()}}, nil
	}}
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	t.Cleanup(s.Close)
	c := connect(t, s, func(c *xmlapi.Config) { c.RootCAs, c.InsecureSkipVerify = nil, true })
	pin := c.Pin()
	get := func(d xmlapi.Doer) error { return d.Do(context.Background(), ip.Get.Call(xmlapi.EmptyRequest{})) }
	if err := errors.Join(get(pin), get(pin), get(c)); err != nil {
		t.Fatal(err)
	}
	now.Store(&renewed)
	_, unsent := errors.AsType[*xmlapi.NotSentError](get(pin))
	if !unsent || served.Load() != 3 {
		t.Errorf("sent: %t, served: %d", !unsent, served.Load())
	}
	if err := errors.Join(get(c), get(c.Pin())); err != nil {
		t.Error(err)
	}
}

// TestNoProxy checks, in a process of its own since Go reads these variables once, whether credentials go to a proxy that
// the environment names.
func TestNoProxy(t *testing.T) {
	if url := os.Getenv("XMLAPI_TEST_URL"); url != "" {
		c, err := xmlapi.New(xmlapi.Config{
			URL: url, Username: "admin", Password: "pw", Addresses: xmlapi.Loopback,
			Resolve: func(context.Context, string) ([]netip.Addr, error) {
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := read(c); err != nil {
			t.Fatal(err)
		}
		return
	}
	var asked, served atomic.Int32
	plain := func(n *atomic.Int32) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.Add(1); respond(w, r) }))
		t.Cleanup(s.Close)
		return s
	}
	proxy, server := plain(&asked), plain(&served)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoProxy$")
	child.Env = append(os.Environ(), "XMLAPI_TEST_URL="+strings.Replace(server.URL, "127.0.0.1", "plesk.example", 1), "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if asked.Load() != 0 || served.Load() != 1 {
		t.Errorf("the proxy was asked %d times, the server %d times", asked.Load(), served.Load())
	}
}
