// Figures of hostile servers: what memory their answers cost.

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/hoster"
)

const (
	// hostileAnswers is how many answers each hostile server gives before the next one has its turn …
	hostileAnswers = 3
	// … or how long it has for them.
	hostileWithin = 20 * time.Second
	// hostileCustomers are those who wait for a hostile server.
	hostileCustomers = 10
)

// hostility is a way to answer.
type hostility struct {
	name string
	// answer writes the answer to a packet.
	answer http.HandlerFunc
	// friendly servers answer well what is asked about themselves, and so come to be asked for their objects.
	friendly bool
}

// hostilities are the ways to answer, each of which would cost the memory of the machine if it were believed.
func hostilities() []hostility {
	const mib = 1 << 20
	result := "<result><status>ok</status><filter-id>c</filter-id><id>1</id><data><gen_info><pname>x</pname></gen_info></data></result>"
	return []hostility{
		{name: "an endless text", answer: floods("<packet><server><get_protos><result><status>", "x", 1024*mib)},
		{name: "100 MiB of attributes", answer: floods("<packet><server ", `a="b" `, 100*mib)},
		{name: "100 MiB in a text", answer: floods("<packet><customer><get><result><status>", "x", 100*mib), friendly: true},
		{name: "a million results", answer: floods("<packet><customer><get>", result, 1_000_000*len(result)), friendly: true},
		{name: "unknown elements", answer: floods("<packet><customer><get>", "<a><b/></a>", 100*mib), friendly: true},
		{name: "compressed", answer: compressed("<packet><customer><get>" + strings.Repeat(result, 1_000_000)), friendly: true},
		{name: "a byte at a time", answer: drips, friendly: true},
	}
}

// floods writes a beginning, and then the same again and again until there are so many bytes or nobody reads any more.
func floods(begin, again string, size int) http.HandlerFunc {
	piece := bytes.Repeat([]byte(again), 1+64<<10/len(again))
	return func(w http.ResponseWriter, r *http.Request) {
		_, err := io.WriteString(w, begin)
		for written := 0; err == nil && written < size && r.Context().Err() == nil; written += len(piece) {
			_, err = w.Write(piece)
		}
	}
}

// compressed answers a text that is much smaller on the wire.
func compressed(text string) http.HandlerFunc {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.WriteString(z, text)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err) // a buffer takes everything
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes()) // a client that left does not want to know
	}
}

// drips writes one byte each second.
func drips(w http.ResponseWriter, r *http.Request) {
	for range 600 {
		if _, err := w.Write([]byte("<")); err != nil || http.NewResponseController(w).Flush() != nil || pause(r.Context(), time.Second) != nil {
			return
		}
	}
}

// hostileServers measures how the peak of the manager's memory grows while it talks to hostile servers, one after the other.
func hostileServers(ctx context.Context, l *lab) (_ []Figure, err error) {
	r, err := l.room(ctx, "hostile")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	p, err := r.readyServer(ctx, "web-01", latency)
	if err != nil {
		return nil, err
	}
	var customers []client.Object
	for i := range customersOfIll {
		customers = append(customers, hoster.Customer(p.name, i))
	}
	if err := r.create(ctx, customers...); err != nil {
		return nil, err
	}
	if err := r.settle(ctx, 1+len(customers), p); err != nil {
		return nil, err
	}
	before, err := peakMemory(r.manager.PID())
	if err != nil {
		return nil, err
	}
	for i, h := range hostilities() {
		if err := r.endure(ctx, i, h); err != nil {
			return nil, fmt.Errorf("%s: %w", h.name, err)
		}
		peak, err := peakMemory(r.manager.PID())
		if err != nil {
			return nil, err
		}
		r.say("hostile server, %s: the peak of memory has grown by %.0f MB", h.name, (peak-before)/1e6)
	}
	after, err := peakMemory(r.manager.PID())
	return []Figure{atMost("hostile server: growth of peak memory", (after-before)/1e6, 64, "MB")}, err
}

// endure has the operator talk to a hostile server until that has answered some packets, or for some time.
func (r *room) endure(ctx context.Context, number int, h hostility) error {
	name := fmt.Sprintf("hostile-%d", number)
	behind, err := r.plesk(name, plesksim.Options{}) //nolint:contextcheck // it outlives the context of its start
	if err != nil {
		return err
	}
	defer behind.Close()
	proxy, err := behind.proxy()
	if err != nil {
		return err
	}
	var asked, answered atomic.Int64
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return // the client has left
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		if h.friendly && !bytes.Contains(body, []byte("<customer>")) {
			proxy.ServeHTTP(w, req)
			return
		}
		asked.Add(1)
		h.answer(w, req)
		answered.Add(1)
	}))
	defer s.Close()
	defer s.CloseClientConnections() // or Close would wait for them
	access := behind.Access
	access.URL, access.CA = s.URL, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := r.register(ctx, name, access); err != nil {
		return err
	}
	var customers []client.Object
	for i := range hostileCustomers {
		customers = append(customers, hoster.Customer(name, 1000*(number+1)+i))
	}
	if err := r.create(ctx, customers...); err != nil {
		return err
	}
	enough, cancel := context.WithTimeout(ctx, hostileWithin)
	defer cancel()
	for answered.Load() < hostileAnswers && pause(enough, lookAgain) == nil {
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if asked.Load() == 0 {
		return errors.New("it was asked nothing, so the figure would mean nothing")
	}
	s.CloseClientConnections() // what is still being answered would hold up the end of the objects
	return r.demolish(ctx, []string{name}, customers)
}

// proxy passes requests on to the server.
func (p *plesk) proxy() (*httputil.ReverseProxy, error) {
	to, err := url.Parse(p.Access.URL)
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(p.Access.CA) {
		return nil, errors.New("no certificate authority")
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}}
	return proxy, nil
}
