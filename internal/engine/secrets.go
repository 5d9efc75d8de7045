// Secrets: reading values by name, generating what is to be generated, and noticing changes without keeping values.

package engine

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// hashKeySecret holds the random key of the hashes in status.inputsHash, in the operator's own namespace.
const (
	hashKeySecret = "plesk-operator-hash-key"
	hashKeyField  = "key"
)

// Secrets reads and writes the Secrets that objects name. Values are never cached: each is read by name when it is needed.
type Secrets struct {
	reader client.Reader
	writer client.Writer
	key    []byte
}

// NewSecrets loads the hash key from the operator's namespace, or makes it.
func NewSecrets(ctx context.Context, reader client.Reader, writer client.Writer, namespace string) (*Secrets, error) {
	name := types.NamespacedName{Namespace: namespace, Name: hashKeySecret}
	secret := &corev1.Secret{}
	err := reader.Get(ctx, name, secret)
	if apierrors.IsNotFound(err) {
		key := make([]byte, sha256.Size)
		_, _ = rand.Read(key) // never fails
		secret = &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: hashKeySecret},
			Data:       map[string][]byte{hashKeyField: key},
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
	return &Secrets{reader: reader, writer: writer, key: secret.Data[hashKeyField]}, nil
}

// read returns the values that are there, by field, and the uses whose Secret or key is missing.
func (s *Secrets) read(ctx context.Context, namespace string, uses []SecretUse) (map[string]xmlapi.Secret, []SecretUse, error) {
	values := map[string]xmlapi.Secret{}
	var missing []SecretUse
	for _, u := range uses {
		secret := &corev1.Secret{}
		err := s.reader.Get(ctx, types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}, secret)
		if client.IgnoreNotFound(err) != nil {
			return nil, nil, err
		}
		if v := secret.Data[u.SecretRef.Key]; len(v) > 0 {
			values[u.Field] = xmlapi.Secret(v)
		} else {
			missing = append(missing, u)
		}
	}
	return values, missing, nil
}

// generate writes strong values for uses into their Secrets and adds them to values. A value that appeared in the
// meantime is taken as it is.
func (s *Secrets) generate(ctx context.Context, namespace string, uses []SecretUse, values map[string]xmlapi.Secret) error {
	for _, u := range uses {
		v, err := s.ensure(ctx, types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}, u.SecretRef.Key)
		if err != nil {
			return fmt.Errorf("%s: Secret %q: %w", u.Field, u.SecretRef.Name, err)
		}
		values[u.Field] = v
	}
	return nil
}

func (s *Secrets) ensure(ctx context.Context, name types.NamespacedName, key string) (xmlapi.Secret, error) {
	secret := &corev1.Secret{}
	err := s.reader.Get(ctx, name, secret)
	if client.IgnoreNotFound(err) != nil {
		return "", err
	}
	if v := secret.Data[key]; len(v) > 0 {
		return xmlapi.Secret(v), nil
	}
	value := newPassword()
	if err != nil { // not found
		secret = &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: name.Namespace, Name: name.Name}, Data: map[string][]byte{key: []byte(value)}}
		return xmlapi.Secret(value), s.writer.Create(ctx, secret)
	}
	if secret.Data == nil {
		secret.Data = map[string][]byte{}
	}
	secret.Data[key] = []byte(value)
	return xmlapi.Secret(value), s.writer.Update(ctx, secret) // a conflict means that somebody else was faster: try again
}

// hash returns a keyed digest of the values, "" for none.
func (s *Secrets) hash(values map[string]xmlapi.Secret) string {
	if len(values) == 0 {
		return ""
	}
	fields := make([]string, 0, len(values))
	for f := range values {
		fields = append(fields, f)
	}
	slices.Sort(fields)
	mac := hmac.New(sha256.New, s.key)
	for _, f := range fields {
		v := values[f].Reveal()
		_, _ = fmt.Fprintf(mac, "%d:%s%d:%s", len(f), f, len(v), v)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// The classes of characters in a generated password. Each occurs, since strength policies ask for it; characters that
// people confuse, that XML escapes or that a shell would read are left out.
var passwordClasses = []string{"abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.+!@%"}

const passwordLength = 24

// newPassword returns a random password of more than 130 bits.
func newPassword() string {
	all := strings.Join(passwordClasses, "")
	b := make([]byte, passwordLength)
	for i := range b {
		set := all
		if i < len(passwordClasses) {
			set = passwordClasses[i]
		}
		b[i] = set[randomInt(len(set))]
	}
	for i := len(b) - 1; i > 0; i-- {
		j := randomInt(i + 1)
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func randomInt(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand does not fail on any supported platform
	}
	return int(i.Int64())
}
