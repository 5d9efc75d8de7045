// The transport: one HTTPS POST per packet, and what its failures mean.

package xmlapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// AgentPath is where the XML API answers, below the panel's URL.
const AgentPath = "/enterprise/control/agent.php"

// Defaults of Config.
const (
	DefaultReadTimeout     = 60 * time.Second
	DefaultWriteTimeout    = 300 * time.Second
	DefaultMaxAnswerBytes  = 256 << 20
	defaultIdleConnTimeout = 90 * time.Second
)

// Config describes one Plesk server and how to log in to it.
type Config struct {
	URL string // the panel, e.g. https://web-01.example.com:8443; AgentPath is added

	Username  string // with Password …
	Password  Secret
	SecretKey Secret // … or a secret key, which wins

	Version string // protocol version to ask for, e.g. "1.6.9.1"; "" omits the attribute

	RootCAs            *x509.CertPool // nil: the system's
	InsecureSkipVerify bool

	ReadTimeout    time.Duration // whole exchange of a packet that only reads; 0 means DefaultReadTimeout
	WriteTimeout   time.Duration // whole exchange of a packet that writes; 0 means DefaultWriteTimeout
	MaxAnswerBytes int64         // 0 means DefaultMaxAnswerBytes
	MaxConns       int           // connections to the server; 0 means no limit
}

// Client talks to one server. It is safe for concurrent use.
type Client struct {
	cfg  Config
	url  string
	http *http.Client
}

// New checks the configuration and returns a client. It does not connect.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("url %q: want https://HOST:PORT without user, query or fragment", u.Redacted())
	}
	if cfg.SecretKey == "" && cfg.Username == "" {
		return nil, errors.New("credentials: neither a user name nor a secret key")
	}
	if cfg.ReadTimeout == 0 {
		cfg.ReadTimeout = DefaultReadTimeout
	}
	if cfg.WriteTimeout == 0 {
		cfg.WriteTimeout = DefaultWriteTimeout
	}
	if cfg.MaxAnswerBytes == 0 {
		cfg.MaxAnswerBytes = DefaultMaxAnswerBytes
	}
	path := strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), AgentPath)
	u.Path = path + AgentPath
	return &Client{cfg: cfg, url: u.String(), http: &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			TLSClientConfig:     &tls.Config{RootCAs: cfg.RootCAs, InsecureSkipVerify: cfg.InsecureSkipVerify, MinVersion: tls.VersionTLS12}, //nolint:gosec // the user's explicit choice
			TLSHandshakeTimeout: 15 * time.Second,
			MaxConnsPerHost:     cfg.MaxConns,
			MaxIdleConnsPerHost: max(cfg.MaxConns, 2),
			IdleConnTimeout:     defaultIdleConnTimeout,
			TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1: the headers' names hold underscores
		},
		// A redirect leads to a login page or to another server; its page is no answer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do implements Doer.
func (c *Client) Do(ctx context.Context, calls ...Caller) error {
	body, err := Encode(c.cfg.Version, calls...)
	if err != nil {
		return c.failAll(calls, classifyLocal(err))
	}
	timeout := c.cfg.ReadTimeout
	for _, call := range calls {
		if call.Writes() {
			timeout = c.cfg.WriteTimeout
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sent, err := c.exchange(ctx, body, calls)
	if err != nil {
		return c.failAll(calls, classifyExchange(err, sent, calls))
	}
	return nil
}

// exchange posts the packet and decodes the answer. sent tells whether the server may have seen the request.
func (c *Client) exchange(ctx context.Context, body []byte, calls []Caller) (sent bool, err error) {
	var wrote atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { wrote.Store(true) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	// Assigned, not Set: Go would otherwise send other spellings of these names.
	if c.cfg.SecretKey != "" {
		req.Header["KEY"] = []string{c.cfg.SecretKey.Reveal()}
	} else {
		req.Header["HTTP_AUTH_LOGIN"] = []string{c.cfg.Username}
		req.Header["HTTP_AUTH_PASSWD"] = []string{c.cfg.Password.Reveal()}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return wrote.Load(), err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // lets the connection be reused
		_ = resp.Body.Close()
	}()
	limited := &io.LimitedReader{R: resp.Body, N: c.cfg.MaxAnswerBytes}
	err = Decode(limited, calls...)
	if err != nil && limited.N == 0 {
		err = fmt.Errorf("answer larger than %d bytes", c.cfg.MaxAnswerBytes)
	}
	if err != nil && ClassOf(err) == Transient && resp.StatusCode != http.StatusOK {
		// Some servers put a normal packet into a 500, so the body was tried first.
		err = fmt.Errorf("HTTP status %d: %w", resp.StatusCode, err)
	}
	return true, err
}

func classifyLocal(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Class: Invalid, Err: err}
}

// classifyExchange gives a failed exchange its class: what the server said, else what the failure leaves open.
func classifyExchange(err error, sent bool, calls []Caller) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	err = steady(err)
	if !sent && isTLSFailure(err) {
		return &Error{Class: Denied, Err: err}
	}
	if sent {
		for _, c := range calls {
			if c.Writes() {
				return &Error{Class: Ambiguous, Err: err}
			}
		}
	}
	return &Error{Class: Transient, Err: err}
}

// steady gives err a text without what changes from try to try (local ports), so that conditions made of it stay equal.
func steady(err error) error {
	text := ""
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		text = fmt.Sprintf("%s %s: %v", op.Op, op.Addr, op.Err)
	} else if u, ok := errors.AsType[*url.Error](err); ok {
		text = u.Err.Error()
	}
	if text == "" {
		return err
	}
	return &steadyError{text: text, err: err}
}

type steadyError struct {
	text string
	err  error
}

func (e *steadyError) Error() string { return e.text }
func (e *steadyError) Unwrap() error { return e.err }

func isTLSFailure(err error) bool {
	if errors.Is(err, http.ErrSchemeMismatch) {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	_, ok := errors.AsType[tls.AlertError](err)
	return ok
}

// failAll gives every call the packet's failure and returns it; a packet of one operation names it.
func (c *Client) failAll(calls []Caller, err *Error) error {
	for _, call := range calls {
		own := *err
		own.Operator, own.Operation = call.Operator(), call.Operation()
		call.fail(&own)
		if len(calls) == 1 {
			err = &own
		}
	}
	return err
}
