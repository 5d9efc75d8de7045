// Secrets: every value that was ever in one, and a search for it everywhere else.

package testbed

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"sync"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Vault knows the values that were ever in Secrets, and what all other objects ever said.
type Vault struct {
	mu      sync.Mutex
	secrets map[string]string // value to where it is kept
	said    map[string]string // text to who said it first
}

// WatchSecrets follows all Secrets, all objects of ours, events, config maps and leases of a namespace, "" for all, until ctx ends.
func (b *Bed) WatchSecrets(ctx context.Context, namespace string) (*Vault, error) {
	v := NewVault()
	kinds := append(Reporting(), &corev1.Secret{}, &corev1.Event{}, &corev1.ConfigMap{}, &coordinationv1.Lease{})
	_, err := b.Watch(ctx, namespace, kinds, v.See)
	return v, err
}

// NewVault returns one that learns of the objects by See.
func NewVault() *Vault { return &Vault{secrets: map[string]string{}, said: map[string]string{}} }

// public are the keys of Secrets whose values are not secret: addresses, accounts, certificates, names.
var public = []string{"url", "username", "ca.crt", "ca.sha256", "tls", "tls.crt", "installation", "host", "port", "database"}

// shortest is the length below which a value cannot be told from chance and does not count as a secret.
const shortest = 6

// See takes note of one version of an object.
func (v *Vault) See(_ watch.EventType, o client.Object) {
	if s, ok := o.(*corev1.Secret); ok {
		for key, value := range s.Data {
			if !slices.Contains(public, key) {
				v.Keep(fmt.Sprintf("%s/%s[%s]", s.Namespace, s.Name, key), string(value))
			}
		}
		return
	}
	text, err := json.Marshal(o)
	if err != nil {
		text = fmt.Appendf(nil, "%+v", o)
	}
	var tree any
	if json.Unmarshal(text, &tree) == nil {
		v.hear(fmt.Sprintf("%T %s/%s", o, o.GetNamespace(), o.GetName()), tree)
	}
}

// hear collects the texts in a document, keys included.
func (v *Vault) hear(who string, node any) {
	switch node := node.(type) {
	case map[string]any:
		for k, child := range node {
			v.hear(who, k)
			v.hear(who, child)
		}
	case []any:
		for _, child := range node {
			v.hear(who, child)
		}
	case string:
		v.mu.Lock()
		defer v.mu.Unlock()
		if _, known := v.said[node]; !known && len(node) >= shortest {
			v.said[node] = who
		}
	}
}

// Keep adds a value that is secret, and where it comes from.
func (v *Vault) Keep(name, value string) {
	if len(value) < shortest {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, form := range formsOf(value) {
		if _, known := v.secrets[form]; !known {
			v.secrets[form] = name
		}
	}
}

// formsOf are the ways in which a value may be written.
func formsOf(value string) []string {
	raw := []byte(value)
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, raw) // a buffer never fails
	quoted, err := json.Marshal(value)
	if err != nil {
		quoted = raw
	}
	return []string{
		value, base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), hex.EncodeToString(raw),
		escaped.String(), string(bytes.Trim(quoted, `"`)), url.QueryEscape(value),
	}
}

// Kept is how many values, in all their forms, are known.
func (v *Vault) Kept() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.secrets)
}

// Leaks names the secrets that an object has said, or that one of the texts holds. It does not show them.
func (v *Vault) Leaks(texts map[string]io.Reader) ([]string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	search := newSearch(v.secrets)
	var leaks []string
	for text, who := range v.said {
		if name, around := search.in([]byte(text)); name != "" {
			leaks = append(leaks, fmt.Sprintf("%s is told by %s: %s", name, who, around))
		}
	}
	for where, text := range texts {
		name, around, err := search.through(text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", where, err)
		}
		if name != "" {
			leaks = append(leaks, fmt.Sprintf("%s is in %s: %s", name, where, around))
		}
	}
	slices.Sort(leaks)
	return leaks, nil
}

// search looks for many values in one go, by how they begin.
type search struct {
	needles map[[shortest]byte][]needle
	longest int // in bytes
}

type needle struct{ value, name string }

func newSearch(secrets map[string]string) search {
	s := search{needles: map[[shortest]byte][]needle{}}
	for value, name := range secrets {
		if len(value) >= shortest {
			s.needles[[shortest]byte([]byte(value))] = append(s.needles[[shortest]byte([]byte(value))], needle{value, name})
			s.longest = max(s.longest, len(value))
		}
	}
	return s
}

// shown is how much of the text around a secret is reported.
const shown = 80

// in returns the name of a secret that is in a text, and the text around it; "" when there is none.
func (s search) in(text []byte) (name, around string) {
	for i := 0; i+shortest <= len(text); i++ {
		for _, n := range s.needles[[shortest]byte(text[i:])] {
			if end := i + len(n.value); bytes.HasPrefix(text[i:], []byte(n.value)) {
				return n.name, fmt.Sprintf("%q", string(text[max(0, i-shown):i])+"[it]"+string(text[end:min(len(text), end+shown)]))
			}
		}
	}
	return "", ""
}

// atOnce is how many bytes of a long text are looked at, and kept in memory, at a time.
const atOnce = 4 << 20

// through is in for a text of any length.
func (s search) through(text io.Reader) (name, around string, _ error) {
	var kept int // of what was looked at, in case that a secret begins there and ends in what follows
	buf := make([]byte, s.longest+atOnce)
	for {
		n, err := io.ReadFull(text, buf[kept:])
		now := buf[:kept+n]
		if name, around := s.in(now); name != "" {
			return name, around, nil
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return "", "", nil
		case err != nil:
			return "", "", err
		}
		kept = copy(buf, now[len(now)-s.longest:])
	}
}
