"""`selftest`: what must hold on this machine before anybody relies on it, one line each."""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from engine import api
from engine.assembly import Engine
from engine.knowledge.index import seal
from engine.locations import compiled_knowledge
