// Secrets: what is kept of values, which Secrets are read, and which are written.

package engine

import (
	"context"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// cluster is a client over some Secrets in memory that counts how often the values of one are read.
func cluster(t *testing.T, objects ...client.Object) (c client.Client, reads *int) {
	t.Helper()
	reads = new(int)
	c = fake.NewClientBuilder().WithScheme(testScheme(NewWithT(t))).WithObjects(objects...).WithInterceptorFuncs(interceptor.Funcs{
		Get: func(ctx context.Context, w client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if _, ok := o.(*corev1.Secret); ok {
				*reads++
			}
			return w.Get(ctx, key, o, opts...)
		},
	}).Build()
	return c, reads
}

func secretsOver(t *testing.T, c client.Client) *Secrets {
	t.Helper()
	s, err := NewSecrets(t.Context(), c, c, c, "operator")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return s
}

func secretNamed(name string, data map[string]string, change ...func(*corev1.Secret)) *corev1.Secret {
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}, Data: map[string][]byte{}, Type: corev1.SecretTypeOpaque}
	for k, v := range data {
		s.Data[k] = []byte(v)
	}
	for _, c := range change {
		c(s)
	}
	return s
}

func generated(s *corev1.Secret) {
	s.Labels = map[string]string{v1alpha1.LabelGenerated: v1alpha1.GeneratedPassword}
}

func use(field, name string) SecretUse {
	u := SecretUse{Field: field}
	u.SecretRef = v1alpha1.SecretKeySelector{Name: name, Key: "password"}
	return u
}

// Equal values do not show as such: not in another object, not in another field. The same value in the same place does.
func TestDigestsOfEqualValues(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("a", map[string]string{"password": "hunter2-hunter2"}), secretNamed("b", map[string]string{"password": "hunter2-hunter2"}),
		secretNamed("c", map[string]string{"password": "another"}))
	s := secretsOver(t, c)
	digests := func(uid types.UID, uses ...SecretUse) map[string]string {
		state, err := s.stateOf(uid, s.readAll(t.Context(), "shop", uses))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(state.missing).To(BeEmpty())
		return state.digests
	}
	first := digests("uid-1", use("spec.password", "a"))["password"]
	g.Expect(first).NotTo(ContainSubstring("hunter2"))
	g.Expect(digests("uid-1", use("spec.password", "a"))["password"]).To(Equal(first))
	g.Expect(digests("uid-1", use("spec.password", "b"))["password"]).To(Equal(first), "the value counts, not where it stands")
	g.Expect(digests("uid-1", use("spec.password", "c"))["password"]).NotTo(Equal(first))
	g.Expect(digests("uid-2", use("spec.password", "a"))["password"]).NotTo(Equal(first), "another object")
	g.Expect(digests("uid-1", use("spec.role", "a"))["role"]).NotTo(Equal(first), "another field")
	g.Expect(s.digestsOfValues("uid-1", map[string]xmlapi.Secret{"spec.password": "hunter2-hunter2"})).To(HaveKeyWithValue("password", first),
		"a value that was just read has the digest that stateOf tells")
	g.Expect(secretsOver(t, c).digestsOfValues("uid-1", map[string]xmlapi.Secret{"spec.password": "hunter2-hunter2"})).To(HaveKeyWithValue("password", first),
		"the key is kept: a restart resends nothing")
	for _, other := range [][2]string{{"uid-1p", "assword"}, {"uid-", "1password"}} {
		g.Expect(s.digest(types.UID(other[0]), other[1], "d")).NotTo(Equal(s.digest("uid-1", "password", "d")), "parts do not run together")
	}
}

// After the hash key was lost, recorded digests say nothing: the values are taken as they are, and not written again.
func TestLostHashKey(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t)
	old := secretsOver(t, c)
	recorded := old.digestsOfValues(ownUID, map[string]xmlapi.Secret{"spec.password": "hunter2-hunter2"})["password"]
	g.Expect(old.comparable(ownUID, recorded)).To(BeTrue())
	g.Expect(secretsOver(t, c).comparable(ownUID, recorded)).To(BeTrue(), "after a restart")
	g.Expect(old.comparable("uid-2", recorded)).To(BeFalse(), "a backup came back with another UID")

	key := &corev1.Secret{}
	name := types.NamespacedName{Namespace: "operator", Name: HashKeySecret}
	g.Expect(c.Get(t.Context(), name, key)).To(Succeed())
	g.Expect(c.Delete(t.Context(), key)).To(Succeed())
	now := secretsOver(t, c)
	g.Expect(now.comparable(ownUID, recorded)).To(BeFalse())
	g.Expect(now.comparable(ownUID, "")).To(BeFalse())

	p := lone(t, nil)
	p.secrets = now
	p.secret.digests = now.digestsOfValues(ownUID, map[string]xmlapi.Secret{"spec.password": "hunter2-hunter2", "spec.role": "x"})
	p.o.Status.Inputs = map[string]string{"password": recorded}
	g.Expect(p.inputChanged("password")).To(BeFalse(), "nobody knows whether it has changed")
	g.Expect(p.inputChanged("role")).To(BeTrue(), "never applied")
	g.Expect(p.inputChanged("missing")).To(BeFalse(), "there is none to apply")
	p.noteInputs(anyPath)
	g.Expect(p.o.Status.Inputs).To(HaveKeyWithValue("password", p.secret.digests["password"]), "from now on it is compared again")
	p.secret.digests = now.digestsOfValues(ownUID, map[string]xmlapi.Secret{"spec.password": "another"})
	g.Expect(p.inputChanged("password")).To(BeTrue())
}

// What is missing is told apart: a Secret that has to be made, or a key in one that is there.
func TestMissingSecretsAndKeys(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("there", map[string]string{"other": "x"}))
	p := lone(t, nil)
	p.ownSecrets = secretsOver(t, c).readAll(t.Context(), "shop", []SecretUse{use("spec.password", "there"), use("spec.role", "nowhere")})
	g.Expect(p.secretMissing(p.ownSecrets[0].SecretUse, "").message).To(Equal(`spec.password: Secret "there" has no value under the key "password"`))
	g.Expect(p.secretMissing(p.ownSecrets[1].SecretUse, "").message).To(Equal(`spec.role: Secret "nowhere" not found; it needs a value under the key "password"`))
}

func TestInstallation(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t)
	first := secretsOver(t, c)
	g.Expect(first.id).To(MatchRegexp(`^[0-9a-f]{16}$`), "it is part of marks, which a colon divides")
	g.Expect(secretsOver(t, c).id).To(Equal(first.id))
	other, _ := cluster(t)
	g.Expect(secretsOver(t, other).id).NotTo(Equal(first.id))
	for name, data := range map[string]map[string]string{
		"no key":      {installationField: "a1b2"},
		"a short key": {hashKeyField: "short", installationField: "a1b2"},
		"no id":       {hashKeyField: strings.Repeat("k", 32)},
		"a colon":     {hashKeyField: strings.Repeat("k", 32), installationField: "a1:b2"},
		"a blank":     {hashKeyField: strings.Repeat("k", 32), installationField: "a1 b2"},
	} {
		broken, _ := cluster(t, secretNamed(HashKeySecret, data, func(s *corev1.Secret) { s.Namespace = "operator" }))
		_, err := NewSecrets(t.Context(), broken, broken, broken, "operator")
		g.Expect(err).To(HaveOccurred(), name)
	}
}

// What was made for something else is not read, whoever names it, and the field is told.
func TestTypesOfSecrets(t *testing.T) {
	for kind, read := range map[corev1.SecretType]bool{
		corev1.SecretTypeOpaque: true, corev1.SecretTypeBasicAuth: true, "": true,
		corev1.SecretTypeServiceAccountToken: false, corev1.SecretTypeDockerConfigJson: false, corev1.SecretTypeTLS: false,
		corev1.SecretTypeSSHAuth: false, corev1.SecretTypeBootstrapToken: false, "example.com/own": false,
	} {
		t.Run(string(kind), func(t *testing.T) {
			g := NewWithT(t)
			c, _ := cluster(t, secretNamed("a", map[string]string{"password": "hunter2-hunter2"}, generated, func(s *corev1.Secret) { s.Type = kind }))
			s := secretsOver(t, c)
			uses := []SecretUse{use("spec.password", "a")}
			_, looked := s.stateOf("uid-1", s.readAll(t.Context(), "shop", uses))
			_, valued := valuesOf(s.readAll(t.Context(), "shop", uses))
			written := s.generate(t.Context(), "shop", firstUser, uses, true)
			for _, err := range []error{looked, valued, written} {
				if read {
					g.Expect(err).NotTo(HaveOccurred())
					continue
				}
				g.Expect(err).To(BeAssignableToTypeOf(&InvalidError{}))
				g.Expect(err).To(MatchError(And(HavePrefix(`spec.password: Secret "a" is of type `+string(kind)), Not(ContainSubstring("hunter2")))))
			}
		})
	}
}

// Values are read when the metadata says that they have changed, and not in every pass.
func TestSecretsAreReadWhenTheyChange(t *testing.T) {
	g := NewWithT(t)
	secret := secretNamed("a", map[string]string{"password": "one", "empty": ""})
	c, reads := cluster(t, secret)
	s := secretsOver(t, c)
	uses := []SecretUse{use("spec.password", "a"), use("spec.other", "a"), use("spec.absent", "b"), use("spec.empty", "a")}
	uses[1].SecretRef.Key, uses[3].SecretRef.Key = "nothing", "empty"
	look := func() secretState {
		state, err := s.stateOf("uid-1", s.readAll(t.Context(), "shop", uses))
		g.Expect(err).NotTo(HaveOccurred())
		return state
	}
	first := look()
	g.Expect(first.digests).To(And(HaveLen(1), HaveKey("password")))
	g.Expect(first.missing).To(Equal([]SecretUse{uses[1], uses[2], uses[3]}), "an empty value is none")

	uses = uses[:1]
	*reads = 0
	g.Expect(look().digests).To(Equal(first.digests))
	g.Expect(*reads).To(BeZero())
	g.Expect(c.Get(t.Context(), client.ObjectKeyFromObject(secret), secret)).To(Succeed())
	secret.Data["password"] = []byte("two")
	g.Expect(c.Update(t.Context(), secret)).To(Succeed())
	g.Expect(look().digests).NotTo(Equal(first.digests))
	g.Expect(c.Delete(t.Context(), secret)).To(Succeed())
	g.Expect(look().missing).To(HaveLen(1), "what is gone is gone, whatever was read before")
}

func TestOnlyLabelledSecretsAreWritten(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("theirs", map[string]string{"token": "keep"}), secretNamed("ours", map[string]string{"other": "keep"}, generated),
		secretNamed("wrong", nil, func(s *corev1.Secret) { s.Labels = map[string]string{v1alpha1.LabelGenerated: "false"} }),
		secretNamed("filled", map[string]string{"password": "theirs"}))
	s := secretsOver(t, c)
	value := func(name, key string) string {
		secret := &corev1.Secret{}
		g.Expect(c.Get(t.Context(), types.NamespacedName{Namespace: "shop", Name: name}, secret)).To(Succeed())
		return string(secret.Data[key])
	}
	generate := func(name string, replace bool) error {
		return s.generate(t.Context(), "shop", firstUser, []SecretUse{use("spec.password", name)}, replace)
	}
	for _, name := range []string{"theirs", "wrong"} {
		err := generate(name, false)
		g.Expect(err).To(BeAssignableToTypeOf(&InvalidError{}))
		g.Expect(err).To(MatchError(And(HavePrefix("spec.password: "), ContainSubstring(v1alpha1.LabelGenerated))))
		g.Expect(value(name, "password")).To(BeEmpty())
	}
	g.Expect(value("theirs", "token")).To(Equal("keep"))

	g.Expect(generate("ours", false)).To(Succeed())
	password := value("ours", "password")
	g.Expect(password).To(HaveLen(passwordLength))
	g.Expect(value("ours", "other")).To(Equal("keep"))
	g.Expect(generate("ours", false)).To(Succeed())
	g.Expect(value("ours", "password")).To(Equal(password), "what is there stays")
	g.Expect(generate("ours", true)).To(Succeed())
	g.Expect(value("ours", "password")).NotTo(Equal(password))

	g.Expect(generate("new", false)).To(Succeed())
	g.Expect(value("new", "password")).To(HaveLen(passwordLength))
	g.Expect(generate("new", true)).To(Succeed(), "what we have made is labelled as such")

	g.Expect(generate("filled", false)).To(Succeed(), "nothing to write")
	g.Expect(generate("filled", true)).NotTo(Succeed())
	g.Expect(value("filled", "password")).To(Equal("theirs"))
}

var firstUser, secondUser = author{"PleskDatabaseUser", "first", siblingUID}, author{"PleskDatabaseUser", "second", ownUID}

// Our own writes do not wake whom they are for; the next one of somebody else does.
func TestOwnWritesDoNotWakeTheirAuthor(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t)
	s := secretsOver(t, c)
	g.Expect(s.generate(t.Context(), "shop", firstUser, []SecretUse{use("spec.password", "new")}, false)).To(Succeed())
	secret := &corev1.Secret{}
	g.Expect(c.Get(t.Context(), types.NamespacedName{Namespace: "shop", Name: "new"}, secret)).To(Succeed())
	g.Expect(s.wrote(secret, "PleskDatabaseUser", "first")).To(BeTrue())
	g.Expect(s.wrote(secret, "PleskDatabaseUser", "second")).To(BeFalse(), "it may use the Secret, too")
	g.Expect(s.wrote(secret, "PleskDatabase", "first")).To(BeFalse())
	secret.Data["password"] = []byte("another")
	g.Expect(c.Update(t.Context(), secret)).To(Succeed())
	g.Expect(s.wrote(secret, "PleskDatabaseUser", "first")).To(BeFalse())
}

// Whoever is refused a Secret is told what it is for, and what to do.
func TestSecretsThatAreNotOurs(t *testing.T) {
	g := NewWithT(t)
	connection := func(of string) func(*corev1.Secret) {
		return func(s *corev1.Secret) {
			s.Labels = map[string]string{v1alpha1.LabelGenerated: v1alpha1.GeneratedConnection}
			if of != "" {
				s.Annotations = map[string]string{v1alpha1.AnnotationConnectionOf: of}
			}
		}
	}
	c, _ := cluster(t, secretNamed("theirs", nil), secretNamed("passwords", nil, generated), secretNamed("first", nil, connection("PleskDatabaseUser/first")),
		secretNamed("bare", nil, connection("")))
	s := secretsOver(t, c)
	for name, want := range map[string]struct{ connection, password string }{
		"theirs":    {"name one that does not exist", "or store the value yourself"},
		"passwords": {"this one is for generated passwords: name another one", ""},
		"first":     {"made for the connection of PleskDatabaseUser/first: name another one", "made for the connection of PleskDatabaseUser/first"},
		"bare":      {"for another resource's connection", "for another resource's connection"},
	} {
		key := types.NamespacedName{Namespace: "shop", Name: name}
		put := func(data map[string][]byte) bool { data["password"] = []byte("x"); return true }
		g.Expect(s.write(t.Context(), key, v1alpha1.GeneratedConnection, secondUser, put)).To(MatchError(And(HavePrefix("Secret %q", name), ContainSubstring(want.connection))))
		if want.password != "" {
			g.Expect(s.write(t.Context(), key, v1alpha1.GeneratedPassword, secondUser, put)).To(MatchError(ContainSubstring(want.password)), name)
		}
	}
	g.Expect(s.write(t.Context(), types.NamespacedName{Namespace: "shop", Name: "theirs"}, v1alpha1.GeneratedConnection, secondUser, func(map[string][]byte) bool { return true })).NotTo(
		MatchError(ContainSubstring("store the value yourself")), "a connection is no value of a user's")
}

// The values of a Secret that is gone are kept by nobody, also where nothing names it any more.
func TestSecretsThatAreGoneAreForgotten(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("users", map[string]string{"password": "hunter2-hunter2"}))
	s := secretsOver(t, c)
	g.Expect(s.readAll(t.Context(), "shop", []SecretUse{use("spec.password", "users")})[0].there).To(BeTrue())
	g.Expect(s.generate(t.Context(), "shop", firstUser, []SecretUse{use("spec.password", "ours")}, false)).To(Succeed())
	g.Expect(s.kept).To(HaveLen(2))
	for name := range s.kept {
		secret := &corev1.Secret{}
		g.Expect(c.Get(t.Context(), name, secret)).To(Succeed())
		g.Expect(s.hearsOfEnds().Delete(event.DeleteEvent{Object: secret})).To(BeTrue(), "whoever needs it is woken")
	}
	g.Expect(s.kept).To(BeEmpty())
	g.Expect(s.own).To(BeEmpty())
}

// What connects to an object goes with it: all that its resource has written and nobody else's.
func TestConnectionsAreRemovedByKindNameAndUID(t *testing.T) {
	g := NewWithT(t)
	made := func(label string, by author) func(*corev1.Secret) {
		return func(s *corev1.Secret) {
			s.Labels = map[string]string{v1alpha1.LabelGenerated: label}
			s.Annotations = map[string]string{v1alpha1.AnnotationConnectionOf: by.String(), v1alpha1.AnnotationConnectionUID: string(by.uid)}
		}
	}
	earlier := secondUser
	earlier.uid = "earlier"
	c, _ := cluster(t,
		secretNamed("present", nil, made(v1alpha1.GeneratedConnection, secondUser)), secretNamed("former", nil, made(v1alpha1.GeneratedConnection, secondUser)),
		secretNamed("first", nil, made(v1alpha1.GeneratedConnection, firstUser)), secretNamed("earlier", nil, made(v1alpha1.GeneratedConnection, earlier)),
		secretNamed("password", nil, made(v1alpha1.GeneratedPassword, secondUser)), secretNamed("users", nil))
	s := secretsOver(t, c)
	left := func() (names []string) {
		list := &corev1.SecretList{}
		g.Expect(c.List(t.Context(), list, client.InNamespace("shop"))).To(Succeed())
		for _, s := range list.Items {
			names = append(names, s.Name)
		}
		return names
	}
	for _, present := range []string{"first", "earlier", "password", "users", "present", "", "gone"} {
		g.Expect(s.remove(t.Context(), "shop", present, secondUser)).To(Succeed())
	}
	g.Expect(left()).To(ConsistOf("first", "earlier", "password", "users"))
}

// interrupted has something happen right after its first answer.
type interrupted struct {
	client.Reader
	then func()
}

func (r *interrupted) Get(ctx context.Context, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
	err := r.Reader.Get(ctx, key, o, opts...)
	if then := r.then; then != nil {
		r.then = nil
		then()
	}
	return err
}

// What was read before a write of somebody else's is not kept in the place of what was written.
func TestWhatWasReadEarlierIsNotKept(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("shared", map[string]string{"password": "Mint-42-harbour"}, generated))
	s := secretsOver(t, c)
	s.reader = &interrupted{Reader: c, then: func() {
		g.Expect(s.generate(t.Context(), "shop", firstUser, []SecretUse{use("spec.password", "shared")}, true)).To(Succeed())
	}}
	name := types.NamespacedName{Namespace: "shop", Name: "shared"}
	earlier, err := s.latest(t.Context(), name)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(earlier.Data["password"])).To(Equal("Mint-42-harbour"))
	now := &corev1.Secret{}
	g.Expect(c.Get(t.Context(), name, now)).To(Succeed())
	g.Expect(s.kept[name].ResourceVersion).To(Equal(now.ResourceVersion))
	g.Expect(s.kept[name].ResourceVersion).NotTo(Equal(earlier.ResourceVersion))
}
