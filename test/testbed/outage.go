// Outages of the control plane: a part crashes, and comes back with its data at its old address.

package testbed

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Part is a process of the control plane.
type Part string

// The parts.
const (
	Etcd      Part = "etcd"
	APIServer Part = "kube-apiserver"
)

// Crash kills a part of the control plane with SIGKILL. One that does not run is left as it is.
func (b *Bed) Crash(ctx context.Context, part Part) error {
	b.mu.Lock()
	replacement := b.parts[part]
	b.mu.Unlock()
	if replacement != nil {
		replacement.Kill()
		return nil
	}
	text, err := os.ReadFile(b.path(string(part) + ".pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	return killed(ctx, pid)
}

// killed ends a process that is not ours to wait for, and returns when it is gone.
func killed(ctx context.Context, pid int) error {
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		switch err := syscall.Kill(pid, syscall.SIGKILL); err {
		case nil:
		case syscall.ESRCH:
			return nil
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// Recover starts a part of the control plane that has crashed, and waits until it is healthy.
func (b *Bed) Recover(ctx context.Context, part Part) error {
	replacement, err := b.replacement(part)
	if err != nil {
		return err
	}
	return replacement.Start(ctx)
}

// replacement describes the process that takes the place of the one that envtest has started.
func (b *Bed) replacement(part Part) (*Program, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.parts[part]; p != nil {
		return p, nil
	}
	text, err := os.ReadFile(b.path(string(part) + ".args"))
	if err != nil {
		return nil, err
	}
	p := b.program(string(part), "")
	p.args = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	p.path = filepath.Join(b.assets, string(part))
	p.ready = b.healthy(part)
	if b.parts == nil {
		b.parts = map[Part]*Program{}
	}
	b.parts[part] = p
	return p, nil
}

// healthy asks a part for its health, in the way that envtest does.
func (b *Bed) healthy(part Part) func(context.Context, int64) bool {
	url := b.env.ControlPlane.Etcd.URL.JoinPath("health").String()
	if part == APIServer {
		url = fmt.Sprintf("%s/readyz", strings.TrimSuffix(b.Config.Host, "/"))
	}
	return func(ctx context.Context, _ int64) bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return false
		}
		answer, err := healthClient.Do(req)
		if err != nil {
			return false
		}
		_ = answer.Body.Close() // only the status matters
		return answer.StatusCode == http.StatusOK
	}
}

// healthClient keeps no connections: the parts die and come back.
var healthClient = &http.Client{
	Timeout: 5 * time.Second,
	Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}, // only whether it answers matters
	},
}

// killReplacements ends what Recover has started: its data is thrown away, so nothing has to be put in order.
func (b *Bed) killReplacements() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, part := range []Part{APIServer, Etcd} {
		if p := b.parts[part]; p != nil {
			p.Kill()
		}
	}
}
