// The servers that the transport's tests talk to: good ones, and ones that fail in their own ways.

package xmlapi_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func connect(t *testing.T, s *httptest.Server, change ...func(*xmlapi.Config)) *xmlapi.Client {
	t.Helper()
	cfg := xmlapi.Config{URL: s.URL, Username: "admin", Password: "pw", Addresses: xmlapi.Loopback}
	if s.TLS != nil {
		cfg.RootCAs = x509.NewCertPool()
		cfg.RootCAs.AddCert(s.Certificate())
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := xmlapi.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// rawServer hands over each TLS connection after its whole request was read.
func rawServer(t *testing.T, h func(conn net.Conn, request []byte)) *httptest.Server {
	t.Helper()
	s := serve(t, respond) // for its certificate
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: s.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	var handlers sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); handlers.Wait() })
	handlers.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			handlers.Go(func() {
				defer func() { _ = conn.Close() }()
				var raw strings.Builder
				req, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				h(conn, []byte(raw.String()))
			})
		}
	})
	s.URL = "https://" + l.Addr().String()
	return s
}

func plainListener(t *testing.T, h func(net.Conn)) *httptest.Server {
	t.Helper()
	s := serve(t, respond)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var handlers sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); handlers.Wait() })
	handlers.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			handlers.Go(func() {
				defer func() { _ = conn.Close() }()
				h(conn)
			})
		}
	})
	s.URL = "https://" + l.Addr().String()
	return s
}

func tlsServer(t *testing.T, cfg *tls.Config) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(respond))
	s.TLS = cfg
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// expiredCertificate returns a certificate of 127.0.0.1 that is its own authority and was valid in 2020.
func expiredCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// quiet is the log of servers whose handshakes fail on purpose.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
