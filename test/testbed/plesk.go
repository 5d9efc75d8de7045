// Simulated Plesk servers: as a process of its own, or in this one.

package testbed

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Access is what a client needs to talk to a Plesk server.
type Access struct {
	URL, Login, Password string
	CA                   []byte // PEM
}

// Client returns a client of its own: the way to look at the server, and to change it behind the operator's back.
func (a Access) Client() (*xmlapi.Client, error) {
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(a.CA) {
		return nil, errors.New("no certificate authority")
	}
	return xmlapi.New(xmlapi.Config{URL: a.URL, Username: a.Login, Password: xmlapi.Secret(a.Password), RootCAs: authorities, Addresses: xmlapi.Loopback})
}

// Credentials returns a Secret with all that a PleskServer needs: the credentials, the server that they are for, and its
// certificate authority.
func (a Access) Credentials(namespace, name string) *corev1.Secret {
	return secret(namespace, name, map[string][]byte{
		"url": []byte(a.URL), "username": []byte(a.Login), "password": []byte(a.Password), "ca.crt": a.CA,
	})
}

// Secrets returns the same in two Secrets: the credentials, which know the certificate authority by its fingerprint, and the
// certificate authority.
func (a Access) Secrets(namespace, credentials, ca string) []*corev1.Secret {
	return []*corev1.Secret{
		secret(namespace, credentials, map[string][]byte{
			"url": []byte(a.URL), "username": []byte(a.Login), "password": []byte(a.Password), "ca.sha256": []byte(a.fingerprint()),
		}),
		secret(namespace, ca, map[string][]byte{"ca.crt": a.CA}),
	}
}

// Bind lets the credentials in a Secret be sent to this server, too.
func (a Access) Bind(credentials *corev1.Secret) {
	credentials.Data["url"] = fmt.Appendf(credentials.Data["url"], "\n%s", a.URL)
	credentials.Data["ca.sha256"] = fmt.Appendf(credentials.Data["ca.sha256"], "\n%s", a.fingerprint())
}

// fingerprint is that of the certificate authority, as `openssl x509 -fingerprint -sha256` prints it.
func (a Access) fingerprint() string {
	block, _ := pem.Decode(a.CA)
	if block == nil {
		return ""
	}
	sum := sha256.Sum256(block.Bytes)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}

func secret(namespace, name string, data map[string][]byte) *corev1.Secret {
	return &corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Data:       data,
	}
}

// Server returns a PleskServer for it, and the Secrets NAME-admin and NAME-ca that it refers to.
func (a Access) Server(namespace, name string) (*v1alpha1.PleskServer, []*corev1.Secret) {
	credentials, ca := name+"-admin", name+"-ca"
	srv := &v1alpha1.PleskServer{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: v1alpha1.PleskServerSpec{
			URL:                  a.URL,
			CredentialsSecretRef: v1alpha1.SecretReference{Name: credentials},
			TLS:                  &v1alpha1.ServerTLS{CABundleSecretRef: &v1alpha1.SecretReference{Name: ca}},
		},
	}
	return srv, a.Secrets(namespace, credentials, ca)
}

// PleskOptions of StartPlesk.
type PleskOptions struct {
	Hostname string // the server's own name; "" means the simulator's default
}

// Plesk is a simulator that runs as its own process. It keeps its state in memory: what is started again is a fresh server
// at the same address, with the same certificate and another GUID.
type Plesk struct {
	*Program
	Access
	// PasswordFile and CAFile hold the administrator's password and the certificate authority, for other clients.
	PasswordFile, CAFile string
}

// StartPlesk starts a simulator and waits until it answers.
func (b *Bed) StartPlesk(ctx context.Context, o PleskOptions) (*Plesk, error) {
	if err := b.Build(ctx); err != nil {
		return nil, err
	}
	name := b.name("plesk")
	p := &Plesk{Program: b.program(name, "plesksim"), PasswordFile: b.path(name + ".password"), CAFile: b.path(name+"-tls", "ca.crt")}
	p.Login, p.Password = plesksim.DefaultLogin, "Aa1-"+rand.Text()
	if err := os.WriteFile(p.PasswordFile, []byte(p.Password+"\n"), 0o600); err != nil {
		return nil, err
	}
	p.args = []string{"-listen", "127.0.0.1:0", "-login", p.Login, "-password-file", p.PasswordFile, "-tls-dir", b.path(name + "-tls")}
	if o.Hostname != "" {
		p.args = append(p.args, "-hostname", o.Hostname)
	}
	p.Program.ready = p.isReady
	b.atEnd(p.Stop)
	if err := p.Start(ctx); err != nil {
		return nil, err
	}
	p.args[1] = strings.TrimPrefix(p.URL, "https://") // found again after a restart
	var err error
	p.CA, err = os.ReadFile(p.CAFile)
	return p, err
}

var readyLine = regexp.MustCompile(`(?m)^plesksim: ready on (https://\S+), CA .*$`)

// isReady looks for the line that the simulator prints when it listens.
func (p *Plesk) isReady(_ context.Context, logFrom int64) bool {
	log, err := os.ReadFile(p.LogFile)
	if err != nil {
		return false
	}
	match := readyLine.FindSubmatch(log[min(logFrom, int64(len(log))):])
	if match == nil {
		return false
	}
	p.URL = string(bytes.TrimSpace(match[1]))
	return true
}

// Simulator is a simulator in this process: its state can be looked into, and faults can be injected.
type Simulator struct {
	*plesksim.Server
	Access
}

// Simulate starts a simulator in this process. It listens on a port of the loopback interface unless the options say otherwise.
func (b *Bed) Simulate(o plesksim.Options) (*Simulator, error) {
	if o.Login == "" {
		o.Login = plesksim.DefaultLogin
	}
	if o.Password == "" {
		o.Password = plesksim.DefaultPassword
	}
	server, err := plesksim.New(o)
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	b.atEnd(func() error { server.Close(); return nil })
	return &Simulator{Server: server, Access: Access{URL: server.URL(), Login: o.Login, Password: o.Password, CA: server.CA()}}, nil
}
