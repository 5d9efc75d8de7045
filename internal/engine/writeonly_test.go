// Values that cannot be read back: each is written when it changes here, and none because another one did.

package engine

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// account has a secret and a plain value that the server does not tell, and is known by nothing but its id and its login.
type account struct {
	Login    *string        `plesk:"login"`
	Role     *string        `plesk:"role,writeonly"`
	Password *xmlapi.Secret `plesk:"password,writeonly"`
	Host     *string        `plesk:"host,writeonly=later"`
}

// accountKind wants what it holds.
type accountKind struct{ want account }

func (accountKind) Refs() []Ref[*v1alpha1.PleskCustomer] { return nil }
func (accountKind) Roles() []v1alpha1.ServerRole         { return ForAnybody }

func (k accountKind) Desired(*v1alpha1.PleskCustomer, Inputs) (Key, account, error) {
	return Key{Within: Identity{ID: "3"}, Name: *k.want.Login}, k.want, nil
}

func (accountKind) Find(context.Context, xmlapi.Doer, Handle) (*Found[account], error) {
	return nil, nil
}
func (accountKind) Update(context.Context, xmlapi.Doer, Update[account]) error { return nil }
func (accountKind) Observe(*v1alpha1.PleskCustomer, *Found[account])           {}

// passOver is a pass over an account, as far as no server is needed.
func passOver(want account) *pass[*v1alpha1.PleskCustomer, account] {
	o := &v1alpha1.PleskCustomer{}
	o.UID = ownUID
	return &pass[*v1alpha1.PleskCustomer, account]{
		reconciler: &reconciler[*v1alpha1.PleskCustomer, account]{
			Engine: &Engine{secrets: &Secrets{key: []byte("key"), id: installation}}, kind: accountKind{want}, self: &kindInfo{},
		},
		o: o,
	}
}

func TestWhatCannotBeReadBackIsWrittenWhenItChanges(t *testing.T) {
	g := NewWithT(t)
	secret := map[string]xmlapi.Secret{"spec.password": "Mint-42-harbour"}
	look := func(p *pass[*v1alpha1.PleskCustomer, account], inputs map[string]string, secrets map[string]xmlapi.Secret) []Change {
		p.o.Status.ID, p.o.Status.Inputs = "7", inputs
		p.secret.digests = p.secrets.digestsOfValues(p.o.UID, secrets)
		g.Expect(p.translate()).To(BeNil())
		return writeOnlyChanges(p.want, p.inputChanged)
	}
	want := account{Login: new("ada"), Role: new("ReadOnly"), Password: new(xmlapi.Secret("Mint-42-harbour"))}
	p := passOver(want)
	g.Expect(look(p, nil, secret)).To(Equal([]Change{
		{Field: "role", To: "ReadOnly", WriteOnly: true},
		{Field: "password", From: redacted, To: redacted, WriteOnly: true},
	}), "nothing was applied yet")
	p.noteInputs(anyPath)
	applied := p.o.Status.Inputs
	g.Expect(applied).To(And(HaveLen(2), HaveKey("role"), HaveKey("password")))
	g.Expect(applied["role"]).NotTo(ContainSubstring("ReadOnly"))

	g.Expect(look(passOver(want), applied, secret)).To(BeEmpty(), "all was applied")
	role := want
	role.Role = new("WriteOnly")
	g.Expect(look(passOver(role), applied, secret)).To(Equal([]Change{{Field: "role", To: "WriteOnly", WriteOnly: true}}))
	password := want
	password.Password = new(xmlapi.Secret("Lime-43-harbour"))
	g.Expect(look(passOver(password), applied, map[string]xmlapi.Secret{"spec.password": "Lime-43-harbour"})).To(Equal(
		[]Change{{Field: "password", From: redacted, To: redacted, WriteOnly: true}}))

	unset := want
	unset.Role = nil
	p = passOver(unset)
	g.Expect(look(p, applied, secret)).To(BeEmpty(), "not managed any more")
	p.noteInputs(anyPath)
	g.Expect(p.o.Status.Inputs).NotTo(HaveKey("role"))
	g.Expect(look(passOver(want), p.o.Status.Inputs, secret)).To(HaveLen(1), "managed again: who knows what it is by now")
}

// What no create takes counts as not written after one, also where its answer was lost, and is taken for there where somebody else's object is adopted.
func TestWhatACreateDoesNotTakeIsWrittenAfterIt(t *testing.T) {
	g := NewWithT(t)
	secret := map[string]xmlapi.Secret{"spec.password": "Mint-42-harbour"}
	p := passOver(account{Login: new("ada"), Password: new(xmlapi.Secret("Mint-42-harbour")), Host: new("db.acme.example")})
	p.secret.digests = p.secrets.digestsOfValues(p.o.UID, secret)
	g.Expect(p.translate()).To(BeNil())
	g.Expect(p.created()).To(And(HaveLen(1), HaveKey("password")))
	g.Expect(p.secret.digests).To(HaveKey("host"), "it is known all the same")

	p.o.Status.ID, p.o.Status.Inputs = "7", p.created()
	g.Expect(writeOnlyChanges(p.want, p.inputChanged)).To(Equal([]Change{{Field: "host", To: "db.acme.example", WriteOnly: true}}))
	p.noteInputs(anyPath)
	g.Expect(writeOnlyChanges(p.want, p.inputChanged)).To(BeEmpty(), "once")
}

// Only what a user cannot wait for goes outside a change window: a role and a host cannot be read back either, and are no passwords.
func TestOnlySecretsWaitForNoWindow(t *testing.T) {
	g := NewWithT(t)
	now := metav1.Date(2031, 7, 1, 12, 0, 0, 0, time.UTC)
	p := passOver(account{Login: new("ada"), Role: new("ReadWrite"), Password: new(xmlapi.Secret("Mint-42-harbour"))})
	p.clock = clocktesting.NewFakePassiveClock(now.Time)
	p.server = &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{ChangeWindows: []v1alpha1.ChangeWindow{
		{Schedule: "0 0 1 1 *", Duration: metav1.Duration{Duration: time.Minute}},
	}}}
	p.o.Status.ID, p.o.Status.LastSyncTime = "7", &now
	p.secret.digests = p.secrets.digestsOfValues(p.o.UID, map[string]xmlapi.Secret{"spec.password": "Mint-42-harbour"})
	g.Expect(p.translate()).To(BeNil())
	changes := writeOnlyChanges(p.want, p.inputChanged)
	role, password := changes[:1], changes[1:]
	g.Expect([]string{role[0].Field, password[0].Field}).To(Equal([]string{"role", "password"}))
	g.Expect(p.waitsForWindow(role)).To(BeTrue())
	g.Expect(p.waitsForWindow(password)).To(BeFalse())
	g.Expect(p.waitsForWindow(changes)).To(BeTrue())
	apart, rest := p.secretsApart(changes)
	g.Expect([][]Change{apart, rest}).To(Equal([][]Change{password, role}))

	p.noteInputs(writes(password))
	g.Expect(writeOnlyChanges(p.want, p.inputChanged)).To(Equal(role), "it waits still")
}

// A password that opens another host, or is said with a new member, is not written without it.
func TestSecretsThatBelongWithOtherChanges(t *testing.T) {
	g := NewWithT(t)
	type door struct {
		Host  *string                  `plesk:"host"`
		Port  *int                     `plesk:"port"`
		Key   *xmlapi.Secret           `plesk:"key,writeonly,with=host"`
		Users []string                 `plesk:"users"`
		Codes map[string]xmlapi.Secret `plesk:"users,writeonly"`
	}
	want := door{Key: new(xmlapi.Secret("Mint-42-harbour")), Codes: map[string]xmlapi.Secret{"ada": "a", "grace": "b"}}
	g.Expect(companions(want)).To(Equal(map[string][]string{"key": {"host"}}))
	secret := func(path string) Change { return Change{Field: path, From: redacted, To: redacted, WriteOnly: true} }
	key, ada, grace := secret("key"), secret("users.ada"), secret("users.grace")
	for name, is := range map[string]struct{ changes, apart []Change }{
		"beside another field":    {[]Change{key, {Field: "port", To: "3307"}}, []Change{key}},
		"for another host":        {[]Change{key, {Field: "host", To: "elsewhere"}}, nil},
		"of a member and another": {[]Change{ada, grace, {Field: "users", To: "ada", Member: "ada"}}, []Change{grace}},
	} {
		apart, _ := apartFrom(want, is.changes)
		g.Expect(apart).To(Equal(is.apart), name)
	}

	role := Change{Field: "role", To: "ReadWrite", WriteOnly: true}
	for name, is := range map[string]struct{ left, wait []Change }{
		"of nothing":                  {nil, nil},
		"of what it is not about":     {[]Change{{Field: "port", To: "3307"}}, nil},
		"of the host that it opens":   {[]Change{{Field: "host", To: "elsewhere"}}, []Change{key}},
		"of the member that it is of": {[]Change{{Field: "users", To: "ada", Member: "ada"}}, []Change{ada}},
	} {
		right, wait := rightBeside(want, is.left, []Change{role, key, ada, grace})
		g.Expect(wait).To(Equal(is.wait), name)
		g.Expect(append(right, wait...)).To(ConsistOf(role, key, ada, grace), name)
	}
}

// anyPath is all fields.
func anyPath(string) bool { return true }
