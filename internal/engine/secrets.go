// Secrets: noticing changes without reading values, and reading them when they are needed.

package engine

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// HashKeySecret holds, in the operator's own namespace, what identifies this installation: the random key of the hashes in
// status.inputs, and the id in the marks on servers. It belongs in every backup.
const (
	HashKeySecret     = "plesk-operator-hash-key"
	hashKeyField      = "key"
	installationField = "installation"
)

// Secrets reads and writes the Secrets that objects name. What was read is kept in memory, and nowhere else: a value has to be known to be
// taken out of what a server says, in every pass.
type Secrets struct {
	cache  client.Reader // metadata
	reader client.Reader // past the cache
	writer client.Writer
	key    []byte
	id     string // of this installation

	mu   sync.Mutex
	kept map[types.NamespacedName]*corev1.Secret
	own  map[types.UID]ownWrite // our last writes
}

// NewSecrets loads the hash key from the operator's namespace, or makes it.
func NewSecrets(ctx context.Context, cache, reader client.Reader, writer client.Writer, namespace string) (*Secrets, error) {
	name := types.NamespacedName{Namespace: namespace, Name: HashKeySecret}
	secret := &corev1.Secret{}
	err := reader.Get(ctx, name, secret)
	if apierrors.IsNotFound(err) {
		secret = &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: HashKeySecret},
			Data:       map[string][]byte{hashKeyField: randomBytes(sha256.Size), installationField: []byte(hex.EncodeToString(randomBytes(8)))},
		}
		if err = writer.Create(ctx, secret); apierrors.IsAlreadyExists(err) {
			err = reader.Get(ctx, name, secret)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("hash key: %w", err)
	}
	if len(secret.Data[hashKeyField]) < sha256.Size {
		return nil, fmt.Errorf("hash key: Secret %s needs at least %d bytes under the key %q", name, sha256.Size, hashKeyField)
	}
	id := string(secret.Data[installationField])
	if id == "" || strings.ContainsAny(id, ": ") {
		return nil, fmt.Errorf("hash key: Secret %s needs an id of this installation, without colons and blanks, under the key %q", name, installationField)
	}
	return &Secrets{
		cache: cache, reader: reader, writer: writer, key: secret.Data[hashKeyField], id: id,
		kept: map[types.NamespacedName]*corev1.Secret{}, own: map[types.UID]ownWrite{},
	}, nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// secretState is what is known of the values that an object needs, without the values.
type secretState struct {
	digests map[string]string // by path below spec, of the values that are there, and of what else cannot be read back
	missing []SecretUse       // whose Secret or key is not there
}

// secretRead is what was read of a value that an object needs.
type secretRead struct {
	SecretUse
	there bool          // the Secret, with the key or without it
	value xmlapi.Secret // "" where there is none
	err   error         // why it could not be read
}

// readAll reads the values that uses name, all at one time.
func (s *Secrets) readAll(ctx context.Context, namespace string, uses []SecretUse) []secretRead {
	out := make([]secretRead, len(uses))
	for i, u := range uses {
		out[i].SecretUse = u
		secret, err := s.read(ctx, types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}, typesOf(u)...)
		if out[i].err = err; secret != nil {
			out[i].there = true
			out[i].value = valueOf(u, secret)
		}
	}
	return out
}

// valueOf is the value in a Secret that is used, "" where there is none.
func valueOf(u SecretUse, secret *corev1.Secret) xmlapi.Secret {
	if !u.KeyPair {
		return xmlapi.Secret(secret.Data[u.SecretRef.Key])
	}
	key, certificates := secret.Data[corev1.TLSPrivateKeyKey], secret.Data[corev1.TLSCertKey]
	if len(key) == 0 || len(certificates) == 0 {
		return ""
	}
	return xmlapi.Secret(string(key) + "\n" + string(certificates))
}

// typesOf are the types of Secrets that a value is read from. Those that were made for something else (tokens, image pull secrets) are never read.
func typesOf(u SecretUse) []corev1.SecretType {
	if u.KeyPair {
		return []corev1.SecretType{corev1.SecretTypeTLS}
	}
	return valueTypes
}

// valueTypes are those of Secrets that hold values of a user's; the API server calls what has none Opaque.
var valueTypes = []corev1.SecretType{corev1.SecretTypeOpaque, corev1.SecretTypeBasicAuth, ""}

// shortestLine is how long a line of a key has to be, to be told from other texts.
const shortestLine = 16

// hiddenOf is what must not be shown of a value: of a key pair also each line of what is encoded there, since a server may quote a part.
func hiddenOf(r secretRead) []xmlapi.Secret {
	hidden := []xmlapi.Secret{r.value}
	if !r.KeyPair {
		return hidden
	}
	key, _, _ := strings.Cut(r.value.Reveal(), "-----BEGIN CERTIFICATE-----") // what follows everybody may see
	for line := range strings.Lines(key) {
		if line = strings.TrimSpace(line); len(line) >= shortestLine && !strings.HasPrefix(line, "-----") {
			hidden = append(hidden, xmlapi.Secret(line))
		}
	}
	return hidden
}

// stateOf tells which values are there and what tells them from others.
func (s *Secrets) stateOf(object types.UID, reads []secretRead) (secretState, error) {
	state := secretState{digests: map[string]string{}}
	for _, r := range reads {
		switch {
		case r.err != nil:
			return state, inField(r.SecretUse, r.err)
		case r.value == "":
			state.missing = append(state.missing, r.SecretUse)
		default:
			state.digests[pathOf(r.SecretUse)] = s.digest(object, pathOf(r.SecretUse), r.value.Reveal())
		}
	}
	return state, nil
}

func pathOf(u SecretUse) string { return strings.TrimPrefix(u.Field, "spec.") }

// read reads a Secret of one of the types, nil when it is not there.
func (s *Secrets) read(ctx context.Context, name types.NamespacedName, of ...corev1.SecretType) (*corev1.Secret, error) {
	secret, err := s.latest(ctx, name)
	if err != nil || secret == nil {
		return nil, err
	}
	if !slices.Contains(of, secret.Type) {
		return nil, fmt.Errorf("Secret %q is of type %s: %w, only %s", name.Name, secret.Type, errSecretType, listTypes(of))
	}
	return secret, nil
}

// isKept reports whether Secrets of a type are kept in memory: those that hold something which nobody reads here are not.
func isKept(t corev1.SecretType) bool {
	return t == corev1.SecretTypeTLS || slices.Contains(valueTypes, t)
}

// aSecret is all that the cache holds of a Secret.
func aSecret() *metav1.PartialObjectMetadata {
	m := &metav1.PartialObjectMetadata{}
	m.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	return m
}

// latest is get, asked only if the metadata has changed since the last time.
func (s *Secrets) latest(ctx context.Context, name types.NamespacedName) (*corev1.Secret, error) {
	meta := aSecret()
	err := s.cache.Get(ctx, name, meta)
	s.mu.Lock()
	known := s.kept[name]
	s.mu.Unlock()
	if err == nil {
		if known != nil && known.ResourceVersion == meta.ResourceVersion {
			return known.DeepCopy(), nil
		}
	} else if !apierrors.IsNotFound(err) {
		return nil, err
	}
	secret, err := s.get(ctx, name) // also where the cache has none: it may be behind
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.kept[name] != known: // somebody has read or written it meanwhile, and what they keep may be newer
	case err != nil || secret == nil || !isKept(secret.Type):
		delete(s.kept, name)
	default:
		s.kept[name] = secret.DeepCopy()
	}
	return secret, err
}

// digestsOfValues is what stateOf would tell of values.
func (s *Secrets) digestsOfValues(object types.UID, values map[string]xmlapi.Secret) map[string]string {
	out := make(map[string]string, len(values))
	for field, v := range values {
		path := strings.TrimPrefix(field, "spec.")
		out[path] = s.digest(object, path, v.Reveal())
	}
	return out
}

// digest is what status.inputs holds: a fingerprint of what it was made with, and a digest that is another one for every object and field,
// so that equal values do not show.
func (s *Secrets) digest(object types.UID, path, value string) string {
	return s.fingerprint(object) + ":" + s.mac([]byte(object), []byte(path), []byte(value))
}

// errSecretType refuses Secrets that were made for something else: tokens, certificates, image pull secrets.
var errSecretType = errors.New("not read here")

// get reads a Secret, nil when it is not there.
func (s *Secrets) get(ctx context.Context, name types.NamespacedName) (*corev1.Secret, error) {
	secret := &corev1.Secret{}
	if err := s.reader.Get(ctx, name, secret); err != nil {
		return nil, client.IgnoreNotFound(err)
	}
	if slices.Contains(secret.Finalizers, v1alpha1.InUseFinalizer) || len(secret.Data[keyURL]) > 0 || secret.Name == HashKeySecret && len(secret.Data[installationField]) > 0 {
		return nil, fmt.Errorf("Secret %q holds what logs in to a server, or the operator's own key: %w", name.Name, errSecretType)
	}
	return secret, nil
}

// listTypes names types for people.
func listTypes(of []corev1.SecretType) string {
	var names []string
	for _, t := range of {
		if t != "" {
			names = append(names, string(t))
		}
	}
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, " and ") + " are"
}

// inField makes an error about a Secret one about the field that names it, where it is the user's to correct.
func inField(u SecretUse, err error) error {
	if errors.Is(err, errSecretType) || errors.Is(err, errNotOurSecret) {
		return Invalid(u.Field, err.Error())
	}
	return fmt.Errorf("%s: Secret %q: %w", u.Field, u.SecretRef.Name, err)
}

// valuesOf is what is there, by field.
func valuesOf(reads []secretRead) (map[string]xmlapi.Secret, error) {
	values := map[string]xmlapi.Secret{}
	for _, r := range reads {
		value := r.value.Reveal()
		switch {
		case r.err != nil:
			return nil, inField(r.SecretUse, r.err)
		case value == "":
			continue
		case !r.KeyPair && (strings.TrimSpace(value) != value || strings.ContainsAny(value, "\r\n")):
			return nil, Invalid(r.Field, fmt.Sprintf("the value under the key %q of Secret %q has a line end or a blank at an end, as files do: store it without", r.SecretRef.Key, r.SecretRef.Name))
		case !r.KeyPair && xmlapi.CheckText(value) != nil: // which would quote a character of it
			return nil, Invalid(r.Field, fmt.Sprintf("the value under the key %q of Secret %q holds what no packet can carry: store a text (UTF-8) without control characters", r.SecretRef.Key, r.SecretRef.Name))
		}
		values[r.Field] = r.value
	}
	return values, nil
}

// forget drops what is kept of a Secret that is gone.
func (s *Secrets) forget(secret client.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, client.ObjectKeyFromObject(secret))
	delete(s.own, secret.GetUID())
}

func (s *Secrets) mac(parts ...[]byte) string {
	m := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		_, _ = fmt.Fprintf(m, "%d:", len(p)) // a hash takes everything
		_, _ = m.Write(p)
	}
	return hex.EncodeToString(m.Sum(nil))
}

// fingerprint tells what digests were made with: the key, and the object's UID.
func (s *Secrets) fingerprint(object types.UID) string {
	return s.mac([]byte("fingerprint"), []byte(object))[:8]
}

// comparable reports whether a recorded digest was made with the present key for this object. One that was not, because the key was lost
// or the object comes from a backup with another UID, says nothing about the value.
func (s *Secrets) comparable(object types.UID, recorded string) bool {
	return strings.HasPrefix(recorded, s.fingerprint(object)+":")
}
