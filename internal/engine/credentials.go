// Credentials and what they are bound to: a Secret says for which server it is, and how that server has to prove itself.

package engine

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	corev1 "k8s.io/api/core/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// The keys of a credentials Secret. Whoever may write the Secret decides where its values go; whoever may only write the
// PleskServer does not.
const (
	keyURL       = "url" // the origins of the servers that it is for, one per line
	keyUsername  = "username"
	keyPassword  = "password"
	keySecretKey = "secretKey"
	keyCABundle  = "ca.crt"    // the certificate authorities to trust instead of the system's, PEM
	keyCAPrints  = "ca.sha256" // the fingerprints of certificate authorities that another Secret may hold, one per line
	keyTLS       = "tls"       // with the value "insecure": http://, insecureSkipVerify and any certificate authority
)

const tlsInsecure = "insecure"

const (
	fieldCredentials = "spec.credentialsSecretRef"
	fieldCABundle    = "spec.tls.caBundleSecretRef"
)

// connection is how a server is reached and logged in to, and by what its credentials are less safe than they could be.
type connection struct {
	xmlapi.Config
	weaknesses []string
	bound      []string // the Secrets that say that they are for the server
}

// connectionTo describes the connection to a server, if the Secret lets its credentials go there. ca is the Secret that
// spec.tls.caBundleSecretRef names, nil without one. A *ConfigError holds no value of either Secret: any Secret may be named.
func connectionTo(srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret) (connection, error) {
	c := connection{Config: xmlapi.Config{
		URL: srv.Spec.URL, Version: srv.Spec.ProtocolVersion, MaxConns: int(srv.Spec.MaxParallelPackets),
	}}
	if err := rightType(fieldCredentials, credentials, corev1.SecretTypeOpaque, corev1.SecretTypeBasicAuth); err != nil {
		return c, err
	}
	if err := bound(srv, credentials); err != nil {
		return c, err
	}
	c.bound = []string{credentials.Name}
	if where, _ := origin(srv.Spec.URL); ca != nil && ca.Name != credentials.Name && isFor(ca, where) {
		c.bound = append(c.bound, ca.Name)
	}
	var err error
	if c.weaknesses, err = weaknesses(srv, credentials); err != nil {
		return c, err
	}
	if c.RootCAs, err = c.authorities(credentials, ca); err != nil {
		return c, err
	}
	c.InsecureSkipVerify = srv.Spec.TLS != nil && srv.Spec.TLS.InsecureSkipVerify
	c.Username, err = value(credentials, keyUsername)
	if err != nil {
		return c, err
	}
	password, err := value(credentials, keyPassword)
	if err != nil {
		return c, err
	}
	key, err := value(credentials, keySecretKey)
	if err != nil {
		return c, err
	}
	c.Password, c.SecretKey = xmlapi.Secret(password), xmlapi.Secret(key)
	if key == "" && (c.Username == "" || password == "") {
		return c, &ConfigError{Reason: v1alpha1.ReasonSecretNotFound, Message: fmt.Sprintf(
			"%s: Secret %q needs the keys %s and %s, or %s", fieldCredentials, credentials.Name, keyUsername, keyPassword, keySecretKey)}
	}
	return c, nil
}

func invalid(format string, args ...any) *ConfigError {
	return &ConfigError{Reason: v1alpha1.ReasonInvalidSpec, Message: fmt.Sprintf(format, args...)}
}

// rightType refuses Secrets that were made for something else, such as the token of a service account.
func rightType(field string, secret *corev1.Secret, types ...corev1.SecretType) error {
	if slices.Contains(types, secret.Type) {
		return nil
	}
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return invalid("%s: Secret %q is of type %s; nothing but %s is read", field, secret.Name, secret.Type, strings.Join(names, " and "))
}

// bound returns an error unless the Secret says that it is for the origin of spec.url.
func bound(srv *v1alpha1.PleskServer, credentials *corev1.Secret) error {
	wanted, ok := origin(srv.Spec.URL)
	if !ok {
		return invalid("spec.url: want https://HOST:PORT")
	}
	if isFor(credentials, wanted) {
		return nil
	}
	why := "has no key " + keyURL
	if len(credentials.Data[keyURL]) > 0 {
		why = fmt.Sprintf("has a key %s in which no line is that origin (the command replaces it)", keyURL)
	}
	if u, err := url.Parse(srv.Spec.URL); err == nil && u.Port() == "" {
		return invalid("spec.url has no port, so that it leads to %s; Plesk listens on 8443. %s: Secret %q does not say that it is for %s, so nothing is sent there: it %s",
			wanted, fieldCredentials, credentials.Name, wanted, strings.TrimSuffix(why, " (the command replaces it)"))
	}
	return invalid("%s: Secret %q does not say that it is for %s, so nothing is sent there: it %s. If that is where its credentials belong: %s",
		fieldCredentials, credentials.Name, wanted, why, patchCommand(credentials, keyURL, wanted))
}

// isFor reports whether a Secret says that it is for an origin.
func isFor(secret *corev1.Secret, wanted string) bool {
	for line := range strings.Lines(string(secret.Data[keyURL])) {
		if o, ok := origin(strings.TrimSpace(line)); ok && o == wanted {
			return true
		}
	}
	return false
}

// origin is the scheme, the host in lower case, and the port of a URL, which is filled in.
func origin(raw string) (string, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return "", false
	}
	port, known := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	if !known {
		return "", false
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return "", false
		}
		port = strconv.FormatUint(n, 10)
	}
	host := strings.ToLower(u.Hostname())
	if a, err := netip.ParseAddr(host); err == nil && a.Zone() == "" {
		return u.Scheme + "://" + net.JoinHostPort(a.String(), port), true
	}
	// The rest of what a URL may have for a host has a meaning in shells, and the origin is part of a command.
	if host == "" || strings.ContainsFunc(host, func(r rune) bool {
		return !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) && !strings.ContainsRune("-._", r)
	}) {
		return "", false
	}
	return u.Scheme + "://" + host + ":" + port, true
}

// patchCommand is the command that writes a key of a Secret. The value has no quotes and no line ends.
func patchCommand(secret *corev1.Secret, key, value string) string {
	patch, err := json.Marshal(map[string]map[string]string{"stringData": {key: value}})
	if err != nil {
		panic(err) // texts can always be written as JSON
	}
	return fmt.Sprintf("kubectl -n %s patch secret %s --type merge -p '%s'", secret.Namespace, secret.Name, patch)
}

// weaknesses lists what lets others read the credentials on their way, which the Secret has to permit.
func weaknesses(srv *v1alpha1.PleskServer, credentials *corev1.Secret) ([]string, error) {
	var weak []string
	if strings.HasPrefix(srv.Spec.URL, "http:") {
		weak = append(weak, "spec.url begins with http: nothing is encrypted; credentials and data can be read and changed on the way")
	}
	if tls := srv.Spec.TLS; tls != nil && tls.InsecureSkipVerify {
		weak = append(weak, "spec.tls.insecureSkipVerify: the server's certificate is not verified; credentials and data can be read and changed on the way")
	}
	if weak != nil && !insecure(credentials) {
		return nil, invalid("%s, so nothing is sent unless the credentials' Secret %q permits it by its key %s with the value %s",
			strings.Join(weak, "; "), credentials.Name, keyTLS, tlsInsecure)
	}
	return weak, nil
}

func insecure(credentials *corev1.Secret) bool {
	return strings.TrimSpace(string(credentials.Data[keyTLS])) == tlsInsecure
}

// authorities are those that the server's certificate is verified against, nil for the system's. Those of another Secret
// than the credentials' have to be known to the latter: who can change the one could else have the credentials sent to a
// server of their own.
func (c *connection) authorities(credentials, ca *corev1.Secret) (*x509.CertPool, error) {
	known := fingerprints(credentials)
	if ca == nil && len(credentials.Data[keyCABundle]) == 0 {
		if len(known) > 0 && !insecure(credentials) {
			return nil, invalid("%s: Secret %q names the certificate authorities to trust (key %s), and none is given", fieldCABundle, credentials.Name, keyCAPrints)
		}
		return nil, nil
	}
	field, holder := fieldCABundle, ca
	if ca == nil {
		field, holder = fieldCredentials, credentials
	}
	own := holder.Name == credentials.Name
	if !own {
		if err := rightType(field, holder, corev1.SecretTypeOpaque); err != nil {
			return nil, err
		}
	}
	bundle := certificates(holder.Data[keyCABundle])
	if len(bundle) == 0 {
		return nil, invalid("%s: Secret %q has no PEM certificate under the key %s", field, holder.Name, keyCABundle)
	}
	if own {
		return pool(bundle), nil
	}
	for _, cert := range certificates(credentials.Data[keyCABundle]) {
		known = append(known, fingerprint(cert))
	}
	strangers := slices.DeleteFunc(slices.Clone(bundle), func(cert *x509.Certificate) bool { return slices.Contains(known, fingerprint(cert)) })
	switch {
	case len(strangers) == 0:
	case insecure(credentials):
		c.weaknesses = append(c.weaknesses, fmt.Sprintf("%s: certificate authorities that Secret %q does not name are trusted, since it says %s: %s",
			field, credentials.Name, keyTLS, tlsInsecure))
	case len(bundle) == 1:
		return nil, invalid("%s: Secret %q does not name the certificate authority, so nothing is sent. If it is the right one: %s",
			field, credentials.Name, patchCommand(credentials, keyCAPrints, fingerprint(bundle[0])))
	default:
		return nil, invalid("%s: Secret %q does not name %d of %d certificate authorities, so nothing is sent; it may hold them itself (key %s) or their SHA-256 fingerprints (key %s, one per line)",
			field, credentials.Name, len(strangers), len(bundle), keyCABundle, keyCAPrints)
	}
	return pool(bundle), nil
}

// certificates reads all certificates of a PEM document.
func certificates(document []byte) []*x509.Certificate {
	var out []*x509.Certificate
	for block, rest := pem.Decode(document); block != nil; block, rest = pem.Decode(rest) {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil && block.Type == "CERTIFICATE" {
			out = append(out, cert)
		}
	}
	return out
}

func pool(certs []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c)
	}
	return p
}

// fingerprint is a certificate's SHA-256, as openssl prints it but for the colons.
func fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return normalFingerprint(hex.EncodeToString(sum[:]))
}

// fingerprints are those that a Secret lists, with or without colons, in either case.
func fingerprints(secret *corev1.Secret) []string {
	var out []string
	for line := range strings.Lines(string(secret.Data[keyCAPrints])) {
		if f := normalFingerprint(strings.TrimSpace(line)); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func normalFingerprint(s string) string {
	return strings.ToUpper(strings.ReplaceAll(s, ":", ""))
}

// value is what a Secret has under a key, if it can be sent.
func value(secret *corev1.Secret, key string) (string, error) {
	v := string(secret.Data[key])
	if err := xmlapi.CheckCredential(v); err != nil {
		return "", invalid("%s: Secret %q, key %s: it %v", fieldCredentials, secret.Name, key, err)
	}
	return v, nil
}
