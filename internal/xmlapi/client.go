// The transport: one HTTPS POST per packet, and what its failures mean.

package xmlapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
)

// AgentPath is where the XML API answers, below the panel's URL.
const AgentPath = "/enterprise/control/agent.php"

// Defaults of Config.
const (
	DefaultReadTimeout     = 60 * time.Second
	DefaultWriteTimeout    = 300 * time.Second
	DefaultMaxAnswerBytes  = 256 << 20
	defaultIdleConnTimeout = 90 * time.Second
	dialTimeout            = 10 * time.Second // for one address
	keepAlive              = 30 * time.Second
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

	Addresses Addresses // which may be connected to

	ReadTimeout    time.Duration // whole exchange of a packet that only reads; 0 means DefaultReadTimeout
	WriteTimeout   time.Duration // whole exchange of a packet that writes; 0 means DefaultWriteTimeout
	MaxAnswerBytes int64         // 0 means DefaultMaxAnswerBytes
	MaxConns       int           // connections to the server; 0 means no limit

	UserAgent string // tells the server's access log who is calling; "" means Go's own
}

// The headers that hold what authenticates a client.
const (
	headerKey      = "KEY"
	headerPassword = "HTTP_AUTH_PASSWD"
)

// Client talks to one server. It is safe for concurrent use.
type Client struct {
	url, host string
	version   string
	userAgent string
	http      *http.Client
	// authorise writes the credentials into a request. They live in this closure, not in a field: the fmt verbs print
	// unexported fields without asking Secret.
	authorise func(http.Header)

	readTimeout, writeTimeout time.Duration
	maxAnswerBytes            int64
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
	authorise, err := authorisation(cfg)
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	if strings.ContainsFunc(cfg.UserAgent, unicode.IsControl) {
		return nil, errors.New("user agent: holds a control character")
	}
	path := strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), AgentPath)
	u.Path = path + AgentPath
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Control: cfg.Addresses.control}
	return &Client{
		url: u.String(), host: u.Host, version: cfg.Version, userAgent: cfg.UserAgent, authorise: authorise,
		readTimeout:    cmp.Or(cfg.ReadTimeout, DefaultReadTimeout),
		writeTimeout:   cmp.Or(cfg.WriteTimeout, DefaultWriteTimeout),
		maxAnswerBytes: cmp.Or(cfg.MaxAnswerBytes, DefaultMaxAnswerBytes),
		http: &http.Client{
			Transport: &http.Transport{
				// No proxy, whatever the environment says: what it connects to cannot be checked here, and http:// would show it the
				// credentials.
				DialContext:         dialer.DialContext,
				TLSClientConfig:     &tls.Config{RootCAs: cfg.RootCAs, InsecureSkipVerify: cfg.InsecureSkipVerify, MinVersion: tls.VersionTLS12}, //nolint:gosec // the user's explicit choice
				TLSHandshakeTimeout: 15 * time.Second,
				MaxConnsPerHost:     cfg.MaxConns,
				MaxIdleConnsPerHost: max(cfg.MaxConns, 2),
				IdleConnTimeout:     defaultIdleConnTimeout,
				TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1: the headers' names hold underscores
			},
			// A redirect leads to a login page or to another server; its page is no answer.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// authorisation returns what writes the credentials into a request's header.
func authorisation(cfg Config) (func(http.Header), error) {
	for _, c := range []struct{ name, value string }{
		{"user name", cfg.Username}, {"password", cfg.Password.Reveal()}, {"secret key", cfg.SecretKey.Reveal()},
	} {
		if err := CheckCredential(c.value); err != nil {
			return nil, fmt.Errorf("the %s %w", c.name, err)
		}
	}
	headers := map[string]string{headerKey: cfg.SecretKey.Reveal()}
	switch {
	case cfg.SecretKey == "" && cfg.Username == "":
		return nil, errors.New("neither a user name nor a secret key")
	case cfg.SecretKey == "":
		headers = map[string]string{"HTTP_AUTH_LOGIN": cfg.Username, headerPassword: cfg.Password.Reveal()}
	}
	return func(h http.Header) {
		for name, value := range headers {
			h[name] = []string{value} // assigned, not Set: Go would otherwise send other spellings of these names
		}
	}, nil
}

// Secrets returns the values that authenticate the client, for whoever has to keep them out of texts.
func (c *Client) Secrets() []Secret {
	sent := http.Header{}
	c.authorise(sent)
	var out []Secret
	for _, name := range []string{headerKey, headerPassword} {
		for _, v := range sent[name] {
			out = append(out, Secret(v))
		}
	}
	return out
}

// CheckCredential returns an error, to be read after what holds the value, for what cannot be sent as it is in a header.
func CheckCredential(value string) error {
	switch {
	case strings.TrimRight(value, "\r\n") != value:
		return errors.New("ends with a line end, as files do")
	case strings.ContainsFunc(value, unicode.IsControl):
		return errors.New("holds a control character")
	case strings.TrimSpace(value) != value:
		return errors.New("has a blank at an end, which would be lost on the way")
	}
	return nil
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do implements Doer.
func (c *Client) Do(ctx context.Context, calls ...Caller) error {
	if len(calls) == 0 {
		return nil
	}
	body, err := Encode(c.version, calls...)
	if err != nil {
		return failUnsent(calls, err)
	}
	timeout := c.readTimeout
	if slices.ContainsFunc(calls, Caller.Writes) {
		timeout = c.writeTimeout
	}
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var reached progress
	if err := c.exchange(reached.trace(bounded), body, calls); err != nil {
		err = givenUp(ctx, bounded, timeout, err)
		return failAll(calls, c.classify(err, &reached, slices.ContainsFunc(calls, Caller.Writes)))
	}
	return nil
}

// exchange posts the packet and decodes the answer.
func (c *Client) exchange(ctx context.Context, body []byte, calls []Caller) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	c.authorise(req.Header)
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // lets the connection be reused
		_ = resp.Body.Close()
	}()
	limited := &io.LimitedReader{R: resp.Body, N: c.maxAnswerBytes}
	err = Decode(limited, calls...)
	if err != nil && limited.N == 0 {
		err = fmt.Errorf("answer larger than %d bytes", c.maxAnswerBytes)
	}
	if err != nil && ClassOf(err) == Transient && resp.StatusCode != http.StatusOK {
		// Some servers put a normal packet into a 500, so the body was tried first.
		err = fmt.Errorf("HTTP status %d: %w", resp.StatusCode, err)
	}
	return err
}

// failUnsent gives each call that cannot be encoded its own error and tells the others why they were not sent.
func failUnsent(calls []Caller, err error) error {
	for _, call := range calls {
		if own := call.parts().check(); own != nil {
			call.parts().fail(&Error{Class: Invalid, Operator: call.Operator(), Operation: call.Operation(), Err: own})
			continue
		}
		call.parts().fail(&Error{Class: Transient, Operator: call.Operator(), Operation: call.Operation(),
			Err: fmt.Errorf("not sent: in the same packet, %w", err)})
	}
	return err
}

// failAll gives every call the packet's failure and returns it; a packet of one operation names it.
func failAll(calls []Caller, err *Error) error {
	for _, call := range calls {
		own := *err
		own.Operator, own.Operation = call.Operator(), call.Operation()
		call.parts().fail(&own)
		if len(calls) == 1 {
			err = &own
		}
	}
	return err
}
