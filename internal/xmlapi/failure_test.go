// What each way to fail means for a read and for a write, and that its text does not change from try to try.

package xmlapi_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// TestWhatAFailureMeans: a read may be tried again, a write only when nothing of it can have reached the server.
func TestWhatAFailureMeans(t *testing.T) {
	status := func(code int, body string) func(*testing.T) *httptest.Server {
		return func(t *testing.T) *httptest.Server {
			return serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(code)
				_, _ = io.WriteString(w, body)
			})
		}
	}
	raw := func(answer string) func(*testing.T) *httptest.Server {
		return func(t *testing.T) *httptest.Server {
			return rawServer(t, func(conn net.Conn, _ []byte) { _, _ = io.WriteString(conn, answer) })
		}
	}
	refusal := `<packet><system><status>error</status><errcode>%d</errcode><errtext>no</errtext></system></packet>`
	for name, test := range map[string]struct {
		server      func(*testing.T) *httptest.Server
		read, write xmlapi.Class
		text        string // of the read; HOST stands for the server's address
	}{
		"a gateway's page": {
			status(502, gatewayPage), xmlapi.Transient, xmlapi.Ambiguous,
			"ip/get: HTTP status 502: unreadable answer: no packet element",
		},
		"a login page": {
			status(200, "<html></html>"), xmlapi.Transient, xmlapi.Ambiguous,
			"ip/get: unreadable answer: no packet element",
		},
		"an empty body": {
			status(200, ""), xmlapi.Transient, xmlapi.Ambiguous,
			"ip/get: unreadable answer: no packet element: EOF",
		},
		"a 500 with a packet": {
			status(500, fmt.Sprintf(refusal, 1001)), xmlapi.Denied, xmlapi.Denied, "ip/get: Plesk error 1001: no",
		},
		"a packet that is invalid": {
			status(200, fmt.Sprintf(refusal, 1014)), xmlapi.Invalid, xmlapi.Invalid, "ip/get: Plesk error 1014: no",
		},
		"closed after the request": {
			raw(""), xmlapi.Transient, xmlapi.Ambiguous, "ip/get: the connection was closed before an answer came",
		},
		"closed within the headers": {
			raw("HTTP/1.1 200 OK\r\nConte"), xmlapi.Transient, xmlapi.Ambiguous, "",
		},
		"closed within the body": {
			raw("HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n<packet><ip><get>"), xmlapi.Transient, xmlapi.Ambiguous,
			"ip/get: the connection was closed before the answer ended",
		},
		"no HTTP": {
			raw("SSH-2.0-OpenSSH_9.6\r\n"), xmlapi.Transient, xmlapi.Ambiguous, "",
		},
		"nobody listens": {
			func(t *testing.T) *httptest.Server { s := serve(t, respond); s.Listener.Close(); return s },
			xmlapi.Transient, xmlapi.Transient, "ip/get: dial HOST: connect: connection refused",
		},
		"plain HTTP where TLS was expected": {
			func(t *testing.T) *httptest.Server {
				s := httptest.NewServer(http.HandlerFunc(respond))
				t.Cleanup(s.Close)
				s.URL = "https://" + s.Listener.Addr().String()
				return s
			},
			xmlapi.Untrusted, xmlapi.Untrusted, "ip/get: http: server gave HTTP response to HTTPS client",
		},
		"closed during the handshake": {
			func(t *testing.T) *httptest.Server { return plainListener(t, func(c net.Conn) { _ = c.Close() }) },
			xmlapi.Transient, xmlapi.Transient, "ip/get: the connection was closed before an answer came",
		},
		"another protocol during the handshake": {
			func(t *testing.T) *httptest.Server {
				return plainListener(t, func(c net.Conn) {
					_, _ = io.WriteString(c, "220 mail.example ESMTP\r\n")
					_, _ = io.Copy(io.Discard, c)
				})
			},
			xmlapi.Untrusted, xmlapi.Untrusted, "ip/get: tls: first record does not look like a TLS handshake",
		},
		"a version of TLS that is too old": {
			func(t *testing.T) *httptest.Server {
				return tlsServer(t, &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}) // it must be refused
			},
			xmlapi.Untrusted, xmlapi.Untrusted, "ip/get: remote error HOST: tls: protocol version not supported",
		},
		"a certificate that has expired": {
			func(t *testing.T) *httptest.Server {
				return tlsServer(t, &tls.Config{Certificates: []tls.Certificate{expiredCertificate(t)}})
			},
			xmlapi.Untrusted, xmlapi.Untrusted,
			"ip/get: tls: the certificate is not valid now, but from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := test.server(t)
			var texts []string
			for range 3 { // over new connections, no trace of which may be in the text
				c := connect(t, s)
				err := read(c)
				if have := xmlapi.ClassOf(err); have != test.read {
					t.Fatalf("read: %s, want %s: %v", have, test.read, err)
				}
				texts = append(texts, err.Error())
				err = write(c)
				if have := xmlapi.ClassOf(err); have != test.write {
					t.Fatalf("write: %s, want %s: %v", have, test.write, err)
				}
				c.Close()
			}
			if texts[0] != texts[1] || texts[1] != texts[2] {
				t.Errorf("the text changes: %q", texts)
			}
			host := strings.TrimPrefix(s.URL, "https://")
			if want := strings.ReplaceAll(test.text, "HOST", host); want != "" && texts[0] != want {
				t.Errorf("have %q\nwant %q", texts[0], want)
			}
		})
	}
}
