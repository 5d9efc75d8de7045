// The transport: one HTTPS POST per packet, and what its failures mean.

package xmlapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// AgentPath is where the XML API answers, below the panel's URL.
const AgentPath = "/enterprise/control/agent.php"

// Defaults of Config.
const (
	DefaultReadTimeout    = 60 * time.Second
	DefaultWriteTimeout   = 300 * time.Second
	DefaultAnswerTimeout  = 60 * time.Second
	DefaultMaxAnswerBytes = 64 << 20
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
	// Resolve returns the addresses of a host, the preferred one first; nil means the system's resolver.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)

	// BeforeWrite is called before a packet that writes is sent, and again right before its body is, when its connection is ready. An error holds it
	// back; nil means no such check.
	BeforeWrite func() error

	// How long it may take from the beginning of the exchange until the first byte of the answer's body has come. Besides, there are 5 s
	// to connect to an address and 10 s for its TLS handshake.
	ReadTimeout  time.Duration // of a packet that only reads; 0 means DefaultReadTimeout
	WriteTimeout time.Duration // of a packet that writes; 0 means DefaultWriteTimeout
	// AnswerTimeout is how long an answer may take from the first byte of its body to its end; 0 means DefaultAnswerTimeout, in which
	// 9 Mbit/s carry the largest answer.
	AnswerTimeout time.Duration

	MaxAnswerBytes int64   // of one answer, see also WithAnswerLimit; 0 means DefaultMaxAnswerBytes
	Budget         *Budget // of the memory for the answers to several clients; nil: none
	MaxConns       int     // connections to the server; 0 means no limit

	UserAgent string // for the server's access log: who is calling; "" means Go's own

	// Traffic is told the bytes of the packet and of the answer, as far as it was read, of each exchange that got one; nil means nobody is.
	Traffic func(sent, received int64)
}

// The headers that hold what authenticates a client.
const (
	headerKey      = "KEY"
	headerPassword = "HTTP_AUTH_PASSWD"
)

// Client talks to one server. It is safe for concurrent use.
type Client struct {
	url       url.URL
	version   string
	userAgent string
	line      *line
	transport *http.Transport
	// authorise writes the credentials into a request. They live in this closure, not in a field: the fmt verbs print
	// unexported fields without asking Secret.
	authorise func(http.Header)

	beforeWrite                              func() error
	readTimeout, writeTimeout, answerTimeout time.Duration
	maxAnswerBytes                           int64
	account                                  *account
	traffic                                  func(sent, received int64)
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
	port := cmp.Or(u.Port(), map[string]string{"https": "443", "http": "80"}[u.Scheme])
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("url %q: the port is no port", u.Redacted())
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), AgentPath) + AgentPath
	l := newLine(cfg, u.Hostname(), uint16(number), u.Scheme == "https")
	return &Client{
		url: *u, version: cfg.Version, userAgent: cfg.UserAgent, authorise: authorise, line: l, transport: l.transport(cfg.MaxConns), beforeWrite: cfg.BeforeWrite,
		readTimeout:    cmp.Or(cfg.ReadTimeout, DefaultReadTimeout),
		writeTimeout:   cmp.Or(cfg.WriteTimeout, DefaultWriteTimeout),
		answerTimeout:  cmp.Or(cfg.AnswerTimeout, DefaultAnswerTimeout),
		maxAnswerBytes: cmp.Or(cfg.MaxAnswerBytes, DefaultMaxAnswerBytes),
		account:        newAccount(cfg.Budget),
		traffic:        cfg.Traffic,
	}, nil
}

// authorisation returns the function that writes the credentials into a request's header.
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

// Secrets returns the values that authenticate the client, for callers that have to keep them out of texts.
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

// CheckCredential returns an error for a value that cannot be sent unchanged in a header. Its text is to follow the value's name.
func CheckCredential(value string) error {
	switch {
	case strings.TrimRight(value, "\r\n") != value:
		return errors.New("ends with a line end, as files do: store it without (printf writes none, echo does)")
	case strings.ContainsFunc(value, unicode.IsControl):
		return errors.New("holds a control character")
	case strings.TrimSpace(value) != value:
		return errors.New("has a blank at an end, which would be lost on the way")
	}
	return nil
}

// Close drops idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Do implements Doer. Each packet chooses its server afresh; see Pin.
func (c *Client) Do(ctx context.Context, calls ...Caller) error { return c.Pin().Do(ctx, calls...) }

func (c *Client) do(ctx context.Context, p *Pin, calls []Caller) error {
	if len(calls) == 0 {
		return nil
	}
	body, err := Encode(c.version, calls...)
	if err != nil {
		return failUnsent(calls, err)
	}
	timeout := c.readTimeout
	writes := slices.ContainsFunc(calls, Caller.Writes)
	if writes {
		timeout = c.writeTimeout
	}
	bounded, waits := newPatience(ctx)
	defer waits.stop()
	waits.allow(timeout, "no answer")
	var reached progress
	if err := c.travel(reached.trace(bounded), p, waits, body, calls); err != nil {
		return failAll(calls, c.classify(givenUp(ctx, bounded, err), &reached, writes))
	}
	return nil
}

// travel sends a packet to the pin's target, which the first packet chooses.
func (c *Client) travel(ctx context.Context, p *Pin, waits *patience, body []byte, calls []Caller) error {
	if p.to != nil {
		return c.exchange(ctx, p, &journey{to: *p.to}, waits, body, calls)
	}
	for anew := false; ; anew = true {
		j, err := c.line.find(ctx, anew)
		if err != nil {
			return err
		}
		err = c.exchange(ctx, p, j, waits, body, calls)
		if errors.Is(err, errOtherCertificate) && !anew {
			// Another connection had met another certificate there, which says nothing about this pin.
			c.line.targets.forget(j.to)
			continue
		}
		p.to = &j.to
		return err
	}
}

// exchange posts the packet and decodes the answer.
func (c *Client) exchange(ctx context.Context, p *Pin, j *journey, waits *patience, body []byte, calls []Caller) error {
	c.line.targets.use(j.to)
	defer j.end()
	to := c.url
	to.Host = j.to.poolName()
	req, err := http.NewRequestWithContext(context.WithValue(j.trace(ctx), journeyKey{}, j), http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(calls, Caller.Writes) {
		if err := held(c.beforeWrite); err != nil {
			return &NotSentError{err} // a server logs the head of a packet of which no body comes
		}
		ask := func() error { return errors.Join(held(c.beforeWrite), held(p.BeforeWrite)) }
		req.GetBody = func() (io.ReadCloser, error) { return &gatedBody{body: bytes.NewReader(body), ask: ask}, nil }
		req.Body, _ = req.GetBody() // it never fails
	}
	req.Host = c.url.Host
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	c.authorise(req.Header)
	// No redirect is followed: it leads to a login page or to another server, and its page is no answer.
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // lets the connection be reused
		_ = resp.Body.Close()
	}()
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		// No encoding was asked for, and a few encoded bytes could become an answer of any size.
		return fmt.Errorf("%w: it is encoded as %q", errUnreadable, coding)
	}
	arriving := &arriving{of: resp.Body, begun: func() { waits.allow(c.answerTimeout, "the answer was not complete") }}
	if c.traffic != nil {
		defer func() { c.traffic(int64(len(body)), arriving.bytes) }()
	}
	answer := c.allow(ctx, arriving)
	defer answer.release()
	err = decode(answer, calls)
	if err != nil && ClassOf(err) == Transient && resp.StatusCode != http.StatusOK {
		// Some servers put a normal packet into a 500, so the body was tried first.
		err = &statusError{status: resp.StatusCode, err: err}
	}
	return err
}

// held asks whether a packet is held back.
func held(ask func() error) error {
	if ask == nil {
		return nil
	}
	return ask()
}

// gatedBody is the body of a packet that may be held back until its first byte is read. The head of the request has left by
// then; a server executes nothing before it has the whole body.
type gatedBody struct {
	body  *bytes.Reader
	ask   func() error
	asked bool
}

// Read implements io.Reader.
func (b *gatedBody) Read(p []byte) (int, error) {
	if !b.asked {
		if err := b.ask(); err != nil {
			return 0, &NotSentError{err}
		}
		b.asked = true
	}
	return b.body.Read(p)
}

// Close implements io.Closer.
func (b *gatedBody) Close() error { return nil }

// Check returns the size of the packet that calls would be, in bytes, or the error that they would fail with before anything is sent.
func (c *Client) Check(calls ...Caller) (size int, _ error) {
	body, err := Encode(c.version, calls...)
	if err != nil {
		return 0, failUnsent(calls, err)
	}
	return len(body), nil
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

// Fail gives every call the failure of the packet that carried it, for a Doer that refuses an answer, or a packet, as a whole.
func Fail(err *Error, calls ...Caller) { _ = failAll(calls, err) }

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
