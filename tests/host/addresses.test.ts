import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { networkOf, ownAddresses } from '../../server/addresses.ts';

const card = (address: string, internal = false) => ({
  address,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
  internal,
});

const addresses = suite('The host’s own addresses');

addresses('are named by their card, real cards first, virtual ones and loopback last', () => {
  const found = ownAddresses({
    lo: [card('127.0.0.1', true), card('::1', true)],
    docker0: [card('172.17.0.1')],
    'vEthernet (WSL)': [card('172.28.0.1')],
    wg0: [card('10.8.0.2')],
    'OpenVPN TAP-Windows6': [card('10.9.0.2')],
    usb7: [card('192.168.42.5')],
    'Wi-Fi': [card('192.168.1.24'), card('fd00::24')],
    wlp3s0: [card('192.168.1.25')],
    enp2s0: [card('169.254.7.7'), card('10.0.0.5')],
    Ethernet: [card('fe80::1'), card('10.0.0.6')],
  });
  assert.equal(
    found.map(({ address, kind }) => `${kind} ${address}`),
    [
      'ethernet 10.0.0.5',
      'ethernet 10.0.0.6',
      'ethernet 169.254.7.7',
      'wifi 192.168.1.24',
      'wifi 192.168.1.25',
      'wifi fd00::24',
      'other 192.168.42.5',
      'vpn 10.8.0.2',
      'vpn 10.9.0.2',
      'virtual 172.17.0.1',
      'virtual 172.28.0.1',
      'loopback 127.0.0.1',
      'loopback ::1',
    ],
  );
  assert.equal(found.filter(({ loopback }) => loopback).length, 2);
});

addresses('are there on this very computer', () => {
  assert.ok(ownAddresses().some(({ address, loopback }) => address === '127.0.0.1' && loopback));
});

addresses('of one IPv6 network are counted as one, IPv4 ones each by itself', () => {
  assert.is(networkOf('192.168.1.24'), '192.168.1.24');
  assert.is(networkOf('::ffff:192.168.1.24'), '192.168.1.24');
  assert.is(networkOf('2001:db8:1:2:a::1'), '2001:db8:1:2::/64');
  assert.is(networkOf('2001:db8:1:2:ffff:ffff:ffff:ffff'), '2001:db8:1:2::/64');
  assert.is(networkOf('2001:0db8:1::5'), networkOf('2001:db8:1:0:9::1'));
  assert.is.not(networkOf('2001:db8:1:3::1'), networkOf('2001:db8:1:2::1'));
  assert.is(networkOf('::1'), '0:0:0:0::/64');
  assert.is(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.is(networkOf(''), '');
});

addresses.run();
