// The secret_key operator: keys that stand for a login and its password (protocol-core §8.4). How they let callers in is in auth.go.

package plesksim

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
)

// secretKey is kept under the hash of the key. The key itself is shown once; lists show the handle in its place.
type secretKey struct {
	ID          int64 // their order
	Handle      string
	Account     int64
	Addresses   []string // where it may come from; none is anywhere
	Description string
}

// secretKeyState holds the keys by their hashes.
type secretKeyState struct {
	SecretKeys    map[string]secretKey
	LastSecretKey int64
}

func newSecretKeyState() secretKeyState { return secretKeyState{SecretKeys: map[string]secretKey{}} }

func secretKeyOperations() []operation {
	return []operation{
		one("secret_key/create", administrator, secretKeyCreate),
		many("secret_key/get_info", administrator, secretKeyGetInfo),
		many("secret_key/delete", administrator, secretKeyDelete),
	}
}

func secretKeyCreate(c *call, req secretkey.CreateRequest) (secretkey.CreateResult, error) {
	var none secretkey.CreateResult
	addresses, err := keyAddresses(text(req.IPAddress), c.who.host)
	if err != nil {
		return none, err
	}
	a := c.admin()
	if login := text(req.Login); login != "" {
		a = c.accountsByLogin.First(foldName(login))
		if a == nil {
			return none, refuse(xmlapi.CodeNotFound, "User %s does not exist.", login)
		}
		if a.Kind != kindAdmin && c.statusOf(a) != statusActive {
			return none, refuse(xmlapi.CodeInvalidValue, "User %s is not active.", login)
		}
	}
	key := c.newGUID()
	c.addSecretKey(key, secretKey{Account: a.ID, Addresses: addresses, Description: text(req.Description)})
	return secretkey.CreateResult{Key: xmlapi.Secret(key)}, nil
}

// addSecretKey makes a key valid.
func (s *state) addSecretKey(key string, k secretKey) {
	k.ID, k.Handle = next(&s.LastSecretKey), s.newGUID()
	s.SecretKeys[hashKey(key)] = k
}

// keyAddresses reads a list of addresses; an empty one is the caller's own.
func keyAddresses(list, caller string) ([]string, error) {
	if strings.TrimSpace(list) == "" {
		return []string{caller}, nil
	}
	var addresses []string
	for part := range strings.SplitSeq(list, ",") {
		a, err := netip.ParseAddr(strings.TrimSpace(part))
		if err != nil || a.Zone() != "" {
			return nil, refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", part)
		}
		addresses = append(addresses, a.Unmap().String())
	}
	return addresses, nil
}

// secretKeyBy finds a key by itself or by its handle, and returns its hash.
func (s *state) secretKeyBy(value string) (string, bool) {
	hash := hashKey(value)
	if _, ok := s.SecretKeys[hash]; ok {
		return hash, true
	}
	for hash, k := range s.SecretKeys {
		if k.Handle == value && value != "" {
			return hash, true
		}
	}
	return "", false
}

// selectedKeys are the hashes of the keys that a filter names, each with what named it; an empty filter names all by their handles.
// A value that names nothing has no hash.
func (s *state) selectedKeys(f selector) (values, hashes []string) {
	if len(f.Values()) > 0 {
		for _, value := range f.Values() {
			hash, _ := s.secretKeyBy(value)
			values, hashes = append(values, value), append(hashes, hash)
		}
		return values, hashes
	}
	for hash := range s.SecretKeys {
		hashes = append(hashes, hash)
	}
	slices.SortFunc(hashes, func(a, b string) int { return cmp.Compare(s.SecretKeys[a].ID, s.SecretKeys[b].ID) })
	for _, hash := range hashes {
		values = append(values, s.SecretKeys[hash].Handle)
	}
	return values, hashes
}

func keyMissing() *refusal { return refuse(xmlapi.CodeNotFound, "Secret key does not exist.") }

func secretKeyGetInfo(c *call, req xmlapi.QueryRequest) ([]secretkey.GetInfoResult, error) {
	var results []secretkey.GetInfoResult
	values, hashes := c.selectedKeys(req.Filter)
	for i, hash := range hashes {
		k, ok := c.SecretKeys[hash]
		if !ok {
			results = append(results, secretkey.GetInfoResult{Result: c.failure(keyMissing()), Key: xmlapi.Secret(values[i])})
			continue
		}
		results = append(results, secretkey.GetInfoResult{Keys: []secretkey.Info{{
			Key: xmlapi.Secret(k.Handle), IPAddress: strings.Join(k.Addresses, ","), Description: k.Description, Login: new(c.Accounts.Get(k.Account).Login),
		}}})
	}
	return results, nil
}

func secretKeyDelete(c *call, req xmlapi.FilterRequest) ([]secretkey.DeleteResult, error) {
	var results []secretkey.DeleteResult
	values, hashes := c.selectedKeys(req.Filter)
	for i, hash := range hashes {
		res := secretkey.DeleteResult{Key: xmlapi.Secret(values[i])}
		if _, ok := c.SecretKeys[hash]; ok {
			delete(c.SecretKeys, hash)
		} else {
			res.Result = c.failure(keyMissing())
		}
		results = append(results, res)
	}
	return results, nil
}

// removeSecretKeysOf removes an account's keys, before the account is removed.
func (c *call) removeSecretKeysOf(a *account) {
	for hash, k := range c.SecretKeys {
		if k.Account == a.ID {
			delete(c.SecretKeys, hash)
		}
	}
}
